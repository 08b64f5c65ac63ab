// Forms that send themselves where there is a script.
import { fetchPage } from "/static/js/lib/panel.js";

const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";

export default function (forms) {
  for (const form of forms) {
    if (form.matches("[data-autosubmit]")) {
      form.addEventListener("change", () => form.reportValidity() && form.requestSubmit());
    } else if (form.matches("[data-options]")) {
      const go = () => form.requestSubmit(form.querySelector("[data-options-submit]"));
      form.addEventListener("change", ({ target }) => {
        if (target.type !== "radio") return;
        if (target.matches(":focus-visible")) sessionStorage.chose = target.name;
        go();
      });
      // By keyboard one goes on from the choice.
      if (sessionStorage.chose) form.querySelector(`[name="${sessionStorage.chose}"]:checked`)?.focus({ preventScroll: true });
      delete sessionStorage.chose;
      // Chosen before this was loaded, not filled in on the way back.
      if (!isBack && [...form.elements].some(differs)) go();
    } else {
      form.addEventListener("change", (event) => event.target.matches("#country, [name=method]") && count(form));
      if (!isBack && [...form.querySelectorAll("#country option, [name=method]")].some(differs)) count(form);
    }
  }
}

const differs = (field) => ("checked" in field ? field.checked !== field.defaultChecked : "selected" in field && field.selected !== field.defaultSelected);

// What depends on the address is counted anew where it stands.
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
