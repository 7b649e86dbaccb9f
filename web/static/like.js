// What somebody writes is recognised while they write. The words to know it by come here; what is typed stays.
const writing = document.querySelector("[data-like]");
const likes = writing.form.querySelector("[data-likes]");
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").match(/[a-z0-9]+/g) ?? [];
const same = (typed, word) => typed === word || (word.length > 4 && typed.startsWith(word.slice(0, Math.max(5, word.length - 2))));
const letters = (words) => words.join("").length;
const fit = (typed, kind) => Math.max(...kind.dataset.words.split("|").map(plain).map((words) => {
  const met = letters(words.filter((word) => typed.some((one) => same(one, word))));
  return met >= 0.6 * letters(words) ? met : 0;
}));
let pause, fetched;
const recognise = async () => {
  fetched ??= fetch(writing.dataset.like).then((answer) => answer.json()).then(({ html }) => { likes.innerHTML = html; });
  await fetched.catch(() => { fetched = undefined; });
  const typed = plain(writing.value), all = [...likes.querySelectorAll("[data-words]")];
  const found = all.map((kind) => [fit(typed, kind), kind]).filter(([fits]) => fits).sort(([a], [b]) => b - a).slice(0, 3);
  for (const kind of all) kind.hidden = !kind.querySelector(":checked");
  for (const [, kind] of found) { kind.hidden = false; if (!kind.contains(document.activeElement)) kind.parentElement.append(kind); }
  const box = likes.firstElementChild;
  if (box) box.hidden = all.every((kind) => kind.hidden);
};
writing.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(recognise, 500); });
if (writing.value) recognise();
