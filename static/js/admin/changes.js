// Forms that are being worked on: what differs from what is saved is marked, a bar at the foot of the window offers to
// save it or to take it back, and leaving asks first.
import { sendOnce } from "/static/js/lib/once.js";

const BOX = ".field, .choice, td, fieldset, li";

function differs(field) {
  if (!field.name || field.type === "hidden" || field.tagName === "BUTTON") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.tagName !== "SELECT") return field.value !== field.defaultValue;
  const options = [...field.options];
  // Where none is marked as the saved one, the first is.
  const saved = options.some((option) => option.defaultSelected) ? (option) => option.defaultSelected : (option) => option === options[0];
  return options.some((option) => option.selected !== saved(option));
}

// Only what changes something that is saved already has a bar; a new thing has its button, and nothing to go back to.
function bar(form) {
  const actions = form.querySelector("input[name=version]") && [...form.querySelectorAll(":scope > .actions")].pop();
  if (!actions) return () => {};
  const said = document.createElement("span");
  said.className = "unsaved";
  said.setAttribute("role", "status");
  const reset = document.createElement("button");
  reset.type = "reset";
  reset.className = "button quiet";
  reset.textContent = "Reset";
  reset.hidden = true;
  actions.append(said, reset);
  return (isChanged) => {
    said.textContent = isChanged ? "Unsaved changes" : "";
    reset.hidden = !isChanged;
  };
}

function watch(form) {
  const show = bar(form);
  const isSaved = form.querySelector("input[name=version]") !== null;
  let was = false;
  const look = () => {
    const changed = [...form.elements].filter(differs);
    // Where nothing was saved yet, everything is new, and nothing is worth a mark.
    const boxes = new Set(isSaved ? changed.map((field) => field.closest(BOX)) : []);
    for (const old of form.querySelectorAll(".is-changed")) if (!boxes.has(old)) old.classList.remove("is-changed");
    for (const box of boxes) box?.classList.add("is-changed");
    const is = changed.length > 0;
    form.classList.toggle("is-changed", is);
    if (is !== was) show((was = is));
  };
  form.addEventListener("input", look);
  form.addEventListener("change", look);
  form.addEventListener("reset", () => setTimeout(look));
  // Coming back, a browser fills in what was typed.
  addEventListener("pageshow", look);
}

// What else on the page is being worked on is saved along with the form that is sent, so that nothing typed is lost. What
// is refused there is said here, and then nothing is sent.
async function saveOthers(others) {
  for (const form of others) {
    if (!form.reportValidity()) return false;
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok) {
      document.querySelector("main .errors")?.remove();
      const faults = document.importNode(page.querySelector("main .errors") ?? page.querySelector("main h1"), true);
      document.querySelector("main").prepend(faults);
      faults.tabIndex = -1;
      faults.focus();
      return false;
    }
    // Another page (to sign in, to prove who it is) has saved nothing.
    if (!page.querySelector(`form[action="${form.getAttribute("action")}"]`)) throw new Error();
    form.dataset.sent = "1";
    for (const field of document.querySelectorAll("form input[name=version]")) {
      const fresh = page.querySelector(`form[action="${field.form.getAttribute("action")}"] input[name=version]`);
      if (fresh) field.value = fresh.value;
    }
  }
  return true;
}

function withOthers(form) {
  form.addEventListener("submit", async (event) => {
    const isOther = (other) => other !== form && !other.dataset.sent && other.querySelector("input[name=version]");
    const others = [...document.querySelectorAll("form.is-changed")].filter(isOther);
    if (!others.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    button?.setAttribute("aria-busy", "true");
    // Without an answer the form goes alone; the browser asks before the rest is lost.
    const may = await saveOthers(others).catch(() => "alone");
    button?.removeAttribute("aria-busy");
    if (!may) return;
    if (may === "alone") return form.submit();
    form.dataset.agreed = "1";
    form.requestSubmit(button);
  });
}

export default function changes() {
  for (const form of document.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      const asks = event.submitter?.dataset.confirm ?? form.dataset.confirm;
      if (asks && !form.dataset.agreed && !confirm(asks)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    });
    withOthers(form);
    sendOnce(form);
    if (form.matches("main form:not(.bulk, .undo)")) watch(form);
  }
  addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("form.is-changed")].some((form) => !form.dataset.sent)) event.preventDefault();
  });
}
