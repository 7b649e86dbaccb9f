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
