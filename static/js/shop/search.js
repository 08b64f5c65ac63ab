// The search opens over the page, and says what may be meant.
import { fetchPage, panel, show } from "/static/js/lib/panel.js";

function suggest(form) {
  const field = form.querySelector("input[type=search]");
  const box = document.createElement("div");
  box.className = "suggest";
  box.setAttribute("role", "status");
  form.append(box);
  let asked = 0;
  let waiting;
  const ask = async () => {
    const words = field.value.trim();
    const turn = ++asked;
    if (words.length < 2) return box.replaceChildren();
    try {
      const response = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(words)}`);
      if (!response.ok || turn !== asked) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      box.replaceChildren(...page.body.childNodes);
    } catch {
      box.replaceChildren();
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 150);
  });
  // Down and up go through what is suggested, Escape closes it.
  form.addEventListener("keydown", (event) => {
    const stops = [field, ...box.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined && stops.length > 1 && at >= 0) {
      event.preventDefault();
      stops[(to + stops.length) % stops.length].focus();
    } else if (event.key === "Escape") {
      const dialog = form.closest("dialog");
      if (!dialog && !box.hasChildNodes()) return;
      event.preventDefault();
      box.replaceChildren();
      dialog ? dialog.close() : field.focus();
    }
  });
  document.addEventListener("click", (event) => form.contains(event.target) || box.replaceChildren());
  if (document.activeElement === field) ask();
}

export default function (found) {
  let top;
  for (const each of found) {
    if (each.matches("form")) suggest(each);
    else
      each.addEventListener("click", async (event) => {
        const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
        const here = document.querySelector("main form[data-suggest] input");
        if (!plain) return;
        event.preventDefault();
        if (here && location.pathname === new URL(each.href).pathname) return here.focus();
        try {
          if (!top) {
            const { page } = await fetchPage(each.href);
            const form = page.querySelector("form[data-suggest]");
            page.querySelector("main").replaceChildren(form);
            top = panel("top", each.textContent, document.documentElement.dataset.close);
            show(top.body, page);
            // The page may have a field of its own with this id.
            top.body.querySelector("input").id = "q-top";
            top.body.querySelector("label").htmlFor = "q-top";
            suggest(top.body.querySelector("form"));
          }
          top.dialog.showModal();
          top.body.querySelector("input").focus();
        } catch {
          location.assign(each.href);
        }
      });
  }
}
