// What depends on the address and the delivery is counted anew where it stands.
import { fetchPage } from "/static/js/lib/panel.js";

export default function (form) {
  form.addEventListener("change", (event) => event.target.matches("#country, [name=method]") && count(form));
  // Chosen before this was loaded, not filled in on the way back.
  const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (!isBack && [...form.querySelectorAll("#country option, [name=method]")].some(differs)) count(form);
}

const differs = (field) => ("checked" in field ? field.checked !== field.defaultChecked : "selected" in field && field.selected !== field.defaultSelected);

let asked = 0;
async function count(form) {
  const turn = ++asked;
  const body = new URLSearchParams(new FormData(form));
  body.set("update", "1");
  form.setAttribute("aria-busy", "true");
  try {
    const { page } = await fetchPage(form.action, { method: "POST", body });
    if (turn !== asked) return;
    const fresh = page.querySelector("form.checkout");
    if (!fresh) throw new Error();
    for (const part of form.querySelectorAll("[data-part]")) replace(part, fresh.querySelector(`[data-part="${part.dataset.part}"]`));
    forgetFaults(form);
    form.querySelector("[role=status]").textContent = fresh.dataset.told;
  } catch {
    form.querySelector("button[name=update]").click();
  }
  if (turn === asked) form.removeAttribute("aria-busy");
}

function replace(part, fresh) {
  const { activeElement: here } = document;
  const typed = part.querySelector("input[type=text]")?.value;
  const focused = part.contains(here) && here.name;
  part.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
  const field = part.querySelector("input[type=text]");
  if (field && typed) field.value = typed;
  if (focused) (part.querySelector(`[name="${focused}"]:checked`) ?? part.querySelector(`[name="${focused}"]`))?.focus();
}

// What was said at the top of fields that have been made anew, or are gone, holds no longer; of the others it does.
function forgetFaults(form) {
  const isGone = ({ hash }) => {
    const field = form.querySelector(hash);
    return !field || field.closest("[data-part]");
  };
  for (const box of document.querySelectorAll(".errors")) {
    box.querySelectorAll("li a").forEach((link) => isGone(link) && link.closest("li").remove());
    box.querySelector("li") || box.remove();
  }
}
