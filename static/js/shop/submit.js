// Forms that send themselves where there is a script.
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
    }
  }
}

const differs = (field) => "checked" in field && field.checked !== field.defaultChecked;
