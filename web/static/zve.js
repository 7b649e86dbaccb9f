// Everything works without this. It only saves people a step.
(() => {
  const busyText = document.documentElement.lang === "en" ? "One moment" : "Even wachten";

  // What must be mended is read out first.
  document.querySelector("[data-focus]")?.focus();

  // The number beside a slider follows the hand.
  addEventListener("input", ({ target }) => {
    if (target.type !== "range") return;
    const output = document.querySelector(`output[for="${target.id}"]`);
    if (output) output.textContent = `${target.value} ${output.dataset.unit}`;
  });

  // What somebody writes is recognised while they write, by a script that comes when they begin.
  document.querySelector("[data-like]")?.addEventListener("focus", ({ target }) => {
    import(target.dataset.script).catch(() => { /* it only saves a step */ });
  }, { once: true });

  // A second tap does not send twice. The button stays in the form, so that its value goes along.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const text = event.submitter?.querySelector("span");
    if (!text || event.submitter.classList.contains("sm")) return;
    event.submitter.dataset.text = text.textContent;
    text.textContent = busyText;
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[data-text]")) button.querySelector("span").textContent = button.dataset.text;
  });

  // The menu closes on Escape and when one goes elsewhere.
  const menus = document.querySelectorAll("details.menu");
  addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const menu of menus) if (menu.open) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  addEventListener("click", ({ target }) => {
    for (const menu of menus) if (!menu.contains(target)) menu.open = false;
  });

  // Keys of the desk: printed on their buttons, switched off with the switch beside them.
  const switchOff = document.querySelector("[data-keys-switch]");
  const keysOn = () => localStorage.getItem("toetsen") !== "uit";
  if (switchOff) {
    switchOff.checked = keysOn();
    switchOff.closest("[hidden]")?.removeAttribute("hidden");
    switchOff.addEventListener("change", () => localStorage.setItem("toetsen", switchOff.checked ? "aan" : "uit"));
  }
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-row]")];
    const here = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, here + by))]?.focus();
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keysOn()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (target) { event.preventDefault(); target.click(); }
    else if (document.querySelector("[data-row]") && key === "j") step(1);
    else if (document.querySelector("[data-row]") && key === "k") step(-1);
  });

  // From one case to the next of the list that one came from, without going back to it.
  const lined = [...document.querySelectorAll("[data-row]")].map((row) => row.pathname);
  try {
    if (lined.length) sessionStorage.setItem("rij", JSON.stringify(lined));
    const beside = document.querySelector("[data-beside]"), line = JSON.parse(sessionStorage.getItem("rij") ?? "[]");
    const at = line.indexOf(location.pathname);
    if (beside && at >= 0 && line.length > 1) {
      const [before, place, after] = beside.children;
      place.textContent = place.dataset.words.replace("{}", at + 1).replace("{}", line.length);
      for (const [link, to] of [[before, line[at - 1]], [after, line[at + 1]]]) to ? link.href = to : link.hidden = true;
      beside.hidden = false;
    }
  } catch { /* no store: then by the list */ }

  // A sign of life from a case: who else looks is read out, and that somebody changed it.
  const here = document.querySelector("form[data-here]"), told = document.querySelector("[data-told]");
  const sign = async () => {
    if (document.hidden) return;
    const answer = await fetch(here.action, { method: "POST", body: new URLSearchParams(new FormData(here)), credentials: "same-origin" }).catch(() => null);
    const words = answer?.ok ? (await answer.text()).trim() : null;
    if (words !== null && words !== told.innerHTML.trim()) told.innerHTML = words;
  };
  if (here && told) {
    setInterval(sign, Number(here.dataset.here) * 1000);
    addEventListener("visibilitychange", sign);
  }

  // Ten minutes before a session ends that is said, and one press makes it longer as long as that may.
  const body = document.body, parts = document.querySelector("template#concept");
  const watch = (seconds) => setTimeout(() => {
    const said = parts.content.querySelector('[data-part="ends"]').cloneNode(true);
    document.querySelector("main").prepend(said);
    said.querySelector("[data-stay]").addEventListener("click", async () => {
      const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
      const left = Number((await answer?.text())?.match(/<body[^>]* data-ends="(\d+)"/)?.[1] ?? 0);
      if (left > 660) { said.remove(); watch(left); } else said.querySelector("[data-over]").hidden = false;
    });
  }, Math.max(0, seconds - 600) * 1000);
  if (parts && body.dataset.ends) watch(Number(body.dataset.ends));

  // Read aloud, sentence by sentence, where the browser has a voice in the page's language.
  const readers = document.querySelectorAll("[data-read]");
  if (readers.length && "speechSynthesis" in window) {
    const lang = document.documentElement.lang;
    const voices = () => speechSynthesis.getVoices().filter((voice) => voice.lang.toLowerCase().startsWith(lang));
    const show = () => { for (const reader of readers) reader.hidden = voices().length === 0; };
    const mark = (on) => { for (const reader of readers) reader.setAttribute("aria-pressed", on); };
    const stop = () => { speechSynthesis.cancel(); mark(false); };
    show();
    speechSynthesis.addEventListener?.("voiceschanged", show);
    addEventListener("pagehide", stop);
    for (const reader of readers) reader.addEventListener("click", () => {
      if (reader.getAttribute("aria-pressed") === "true") return stop();
      speechSynthesis.cancel();
      mark(true);
      const sentences = document.querySelector("main").innerText.match(/[^.!?\n]+[.!?]*/g) ?? [];
      const said = sentences.map((sentence) => sentence.trim()).filter(Boolean).map((sentence) => {
        const speech = new SpeechSynthesisUtterance(sentence);
        [speech.voice] = voices();
        speech.lang = lang;
        return speech;
      });
      if (said.length) said.at(-1).onend = () => mark(false);
      for (const speech of said) speechSynthesis.speak(speech);
    });
  }

  // A page for when there is no connection, with the number that this page has.
  if ("serviceWorker" in navigator) addEventListener("load", async () => {
    try {
      await navigator.serviceWorker.register("/static/service-worker.js", { scope: "/" });
      const page = document.documentElement, number = document.querySelector("footer a[href^='tel:']")?.href ?? "";
      const now = [number, page.lang, page.dataset.theme].join(" ");
      if (localStorage.getItem("verbinding") === now || "offline" in document.body.dataset) return;
      (await navigator.serviceWorker.ready).active.postMessage("anew");
      localStorage.setItem("verbinding", now);
    } catch { /* a browser that keeps nothing */ }
  });
})();
