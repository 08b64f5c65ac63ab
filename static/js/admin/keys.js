// Keys for what is done often. Those of a single letter rest while somebody types, and can be turned off (WCAG 2.1.4).
// What they do is handed in: modules of the desk import none of each other, so none has to be loaded before another.
const STORED = "wharf-keys";
const SEQUENCE = 1500;

// Storage may be closed to us; the keys then work until the page is left.
function stored(value) {
  try {
    if (value === undefined) return localStorage.getItem(STORED) !== "off";
    value ? localStorage.removeItem(STORED) : localStorage.setItem(STORED, "off");
  } catch {
    return true;
  }
}
let isOn = stored();

// The switch on the sheet and on its page.
function offerSwitch(root) {
  const label = root.querySelector("[data-keys]");
  if (!label) return;
  const box = label.querySelector("input");
  label.hidden = false;
  box.checked = isOn;
  box.addEventListener("change", () => stored((isOn = box.checked)));
}

const isTyping = (target) => target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])");
const isSeen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;

function search(openPalette) {
  const field = ["main form[role=search] input[type=search]", "#find"].flatMap((where) => [...document.querySelectorAll(where)]).find(isSeen);
  field ? field.select() : openPalette();
}

async function help() {
  const sheet = document.querySelector("dialog.sheet");
  const body = sheet?.querySelector(".sheet-body");
  if (!sheet || sheet.open) return;
  try {
    if (!body.hasChildNodes()) {
      const response = await fetch("/admin/keys?fragment=1");
      if (!response.ok || response.redirected) throw new Error(response.statusText);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      body.replaceChildren(...page.body.childNodes);
      offerSwitch(body);
    }
    sheet.showModal();
  } catch {
    location.assign("/admin/keys");
  }
}

// The form one is in, else the one that was changed, else the only one that saves.
function save() {
  const form =
    document.activeElement?.closest("main form[method=post]") ??
    document.querySelector("main form.is-changed") ??
    document.querySelector("main form[method=post]:has(.button.primary)");
  const button = form?.querySelector("button.primary, button:not([type=button], [type=reset])");
  if (!button) return false;
  form.requestSubmit(button);
  return true;
}

let since = 0;

export default function keys({ openPalette, step, mark }) {
  const letters = { "/": () => search(openPalette), "?": help, j: () => step(1), k: () => step(-1), x: mark };
  offerSwitch(document);
  const sheet = document.querySelector("dialog.sheet");
  sheet?.querySelector("button").addEventListener("click", () => sheet.close());
  sheet?.addEventListener("click", (event) => event.target === sheet && sheet.close());

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.metaKey) {
      if (key === "s" && !document.querySelector("dialog[open]") && save()) event.preventDefault();
      return;
    }
    if (document.querySelector("dialog[open]") || isTyping(event.target)) return;
    if ((key === "ArrowDown" || key === "ArrowUp") && document.activeElement?.closest("tbody tr")) {
      if (step(key === "ArrowDown" ? 1 : -1)) event.preventDefault();
      return;
    }
    if (!isOn || event.repeat && key !== "j" && key !== "k") return;
    const isSecond = event.timeStamp - since < SEQUENCE;
    since = key === "g" && !isSecond ? event.timeStamp : 0;
    const way = isSecond && [...document.querySelectorAll(".menu a[data-key]")].find((link) => link.dataset.key === key);
    if (way) {
      event.preventDefault();
      way.click();
    } else if (letters[key]) {
      event.preventDefault();
      letters[key]();
    }
  });
}
