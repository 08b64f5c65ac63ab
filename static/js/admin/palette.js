// The command palette: the results of the search page over any page. Ctrl or ⌘ and K opens it; without a script the
// button in the header is a link to that page.
const dialog = document.querySelector("dialog.palette");
const field = dialog?.querySelector("input");
const results = dialog?.querySelector(".palette-results");
const status = dialog?.querySelector("[role=status]");

const hits = () => [...results.querySelectorAll("a")];
let asked = 0;
let shown;
let waiting;

// The focus stays in the field while arrows go through the hits: a combobox with its list.
function choose(hit) {
  for (const other of hits()) other.toggleAttribute("aria-selected", false);
  if (!hit) return field.removeAttribute("aria-activedescendant");
  hit.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", hit.id);
  hit.scrollIntoView({ block: "nearest" });
}

const chosen = () => hits().find((hit) => hit.getAttribute("aria-selected") === "true");

function draw(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  results.replaceChildren(...page.body.childNodes);
  results.setAttribute("role", "listbox");
  for (const group of results.querySelectorAll("section")) group.setAttribute("role", "group");
  for (const list of results.querySelectorAll("ul, li, h2")) list.setAttribute("role", "presentation");
  hits().forEach((hit, at) => {
    hit.id = `hit-${at}`;
    hit.setAttribute("role", "option");
    hit.tabIndex = -1;
  });
  const found = hits();
  status.textContent = found.length === 1 ? "One result" : `${found.length || "No"} results`;
  choose(found[0]);
}

async function ask() {
  const turn = ++asked;
  const words = field.value;
  try {
    const response = await fetch(`/admin/search?fragment=1&q=${encodeURIComponent(words)}`);
    if (!response.ok || response.redirected) return location.assign(field.form.action);
    const html = await response.text();
    if (turn !== asked || !dialog.open) return;
    shown = words;
    draw(html);
  } catch {
    status.textContent = "The shop does not answer.";
  }
}

export function openPalette() {
  if (!dialog || dialog.open) return;
  dialog.showModal();
  field.select();
  ask();
}

export default function palette() {
  if (!dialog) return;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-controls", results.id);
  for (const opener of document.querySelectorAll("[data-palette]")) {
    opener.hidden = false;
    opener.addEventListener("click", (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      openPalette();
    });
  }
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    for (const key of document.querySelectorAll(".find-keys")) key.firstChild.data = "⌘ K";
  }
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  field.addEventListener("keydown", (event) => {
    const found = hits();
    const at = found.indexOf(chosen());
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (to !== undefined && found.length) {
      event.preventDefault();
      choose(found[(to + found.length) % found.length]);
    } else if (event.key === "Escape") {
      // The field would only empty itself, and ask for a second press.
      event.preventDefault();
      dialog.close();
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const open = () => (chosen() ? chosen().click() : field.form.submit());
      clearTimeout(waiting);
      // Hits of other words than those that stand there now are not opened.
      shown === field.value ? open() : ask().then(open);
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  results.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      dialog.open ? dialog.close() : openPalette();
    }
  });
}
