// Of a desk's pages alone. Everything works without this, too.
(() => {
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
})();
