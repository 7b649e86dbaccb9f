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

  // Read aloud, where the browser has a voice in the page's language.
  const reader = document.querySelector("[data-read]");
  if (reader && "speechSynthesis" in window) {
    const lang = document.documentElement.lang;
    const voices = () => speechSynthesis.getVoices().filter((voice) => voice.lang.startsWith(lang));
    const show = () => { reader.hidden = voices().length === 0; };
    show();
    speechSynthesis.addEventListener?.("voiceschanged", show);
    reader.addEventListener("click", () => {
      if (speechSynthesis.speaking) return speechSynthesis.cancel();
      const speech = new SpeechSynthesisUtterance(document.querySelector("main").innerText);
      [speech.voice] = voices();
      speech.lang = lang;
      speechSynthesis.speak(speech);
    });
  }
})();
