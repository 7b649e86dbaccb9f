// What somebody types stays on their own device until it is sent: a connection that fails loses nothing.
// Never codes or numbers that are secret, never what is about safety, and nothing where somebody said "not my device".
(() => {
  const START = "concept:", OFF = "concepten", SENT = "concept-verstuurd", DAY_MS = 86_400_000;
  const HIDDEN_PAGES = /^\/(help-mij-kiezen|melden|blokkeren|inloggen|aanmelden|papier|cheque|mijn\/(veilig|inloggen|gegevens)|bureau\/(veiligheid|dossiers|wissen)|gemeente\/medewerkers)(\/|$)/;
  const SECRET_NAMES = /^(?!postcode$).*(code|bsn|pin|wachtwoord|geheim|sleutel|token|rekening|iban|zoek)/i;
  const SECRET_WORDS = /(?:^|\D)(?:\d[ .-]?){8,9}(?!\d)/;
  const ISO_DAY = /^\d{4}-\d\d-\d\d$/;
  const KINDS = ["text", "email", "tel", "date", "time", "number", "url"];
  const template = document.querySelector("template#concept");
  let store;
  try { store = localStorage; store.length; } catch { return; }
  if (document.body.hasAttribute("data-offline")) sessionStorage.removeItem(SENT); // it never arrived
  if (!template) return;

  const owner = template.dataset.owner;
  const mine = () => Object.keys(store).filter((key) => key.startsWith(START));
  const forget = (start = START) => { for (const key of mine()) if (key.startsWith(start)) store.removeItem(key); };
  const own = (path) => `${START}${owner}:${path}:`;
  const pathOf = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const may = (form) => form.method === "post" && form.closest("main") && form.dataset.draft !== "off"
    && !HIDDEN_PAGES.test(location.pathname) && !HIDDEN_PAGES.test(pathOf(form)) && store.getItem(OFF) !== "uit";
  const forms = [...document.forms].filter(may);
  const keyOf = (form) => own(pathOf(form)) + forms.filter((each) => pathOf(each) === pathOf(form)).indexOf(form);
  const fields = (form) => [...form.elements].filter((field) => field.name && !SECRET_NAMES.test(field.name)
    && (field.localName === "textarea" || (field.localName === "input" && KINDS.includes(field.type)))
    && !/one-time-code|password|cc-/.test(field.autocomplete));
  const say = (part, at) => {
    const said = template.content.querySelector(`[data-part="${part}"]`).cloneNode(true);
    at.before(said);
    return said;
  };

  for (const key of mine()) {
    let at = 0;
    try { ({ at } = JSON.parse(store.getItem(key))); } catch { /* not ours: it goes */ }
    if (Date.now() - at > DAY_MS) store.removeItem(key);
  }

  // What was sent and taken is over; what the server refused, or never got, is not.
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const { responseStatus: status } = performance.getEntriesByType("navigation")[0] ?? {};
  if (sent && (status ? status < 400 : !document.querySelector(".note.bad"))) forget(sent);

  const stop = () => { store.setItem(OFF, "uit"); forget(); };
  for (const form of forms) {
    const key = keyOf(form);
    let told = false;
    const tell = () => {
      if (told) return;
      told = true;
      const said = template.content.querySelector('[data-part="kept"]').cloneNode(true);
      form.append(said);
      said.querySelector("button").addEventListener("click", () => { stop(); said.remove(); });
    };
    let kept;
    try { kept = JSON.parse(store.getItem(key)); } catch { kept = null; }
    let back = false;
    fields(form).forEach((field, place) => {
      const was = kept?.fields[`${field.name}.${place}`];
      if (!was || was[0] !== field.defaultValue || field.value !== field.defaultValue || was[1] === field.value) return;
      field.value = was[1];
      back = true;
    });
    if (back) {
      const said = say("back", form);
      said.querySelector("[data-anew]").addEventListener("click", () => { forget(key); form.reset(); said.remove(); });
      said.querySelector("[data-strange]").addEventListener("click", () => { stop(); form.reset(); said.remove(); });
    }
    form.addEventListener("input", () => {
      if (store.getItem(OFF) === "uit") return;
      const now = fields(form).map((field, place) => [`${field.name}.${place}`, [field.defaultValue, field.value]])
        .filter(([, [before, value]]) => before !== value && (ISO_DAY.test(value) || !SECRET_WORDS.test(value)));
      if (!now.length) return store.removeItem(key);
      try { store.setItem(key, JSON.stringify({ at: Date.now(), fields: Object.fromEntries(now) })); tell(); } catch { /* full: then not */ }
    });
  }

  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    const path = new URL(event.submitter?.getAttribute("formaction") || pathOf(form), location.href).pathname;
    if (path === "/uitloggen") return forget();
    if (navigator.onLine === false) {
      event.preventDefault();
      delete form.dataset.sent;
      document.querySelector('[data-part="away"]')?.remove();
      const said = say("away", form);
      said.tabIndex = -1;
      said.focus();
      return;
    }
    sessionStorage.setItem(SENT, own(pathOf(form)));
  }, true);
  addEventListener("online", () => document.querySelector('[data-part="away"]')?.remove());
})();
