// Forms that need no button where there is a script: a changed quantity, a chosen option, another country.
export default function (forms) {
  for (const form of forms) {
    const submit = form.matches(".checkout") ? () => form.querySelector("button[name=update]")?.click() : () => form.requestSubmit();
    if (form.matches("[data-autosubmit]")) {
      form.querySelectorAll("button").forEach((button) => (button.hidden = true));
      form.addEventListener("change", () => form.reportValidity() && submit());
    } else if (form.matches("[data-options]")) {
      form.querySelectorAll("[data-options-submit]").forEach((button) => (button.hidden = true));
      form.addEventListener("change", submit);
    } else {
      form.querySelectorAll("#country, input[name=method]").forEach((field) => field.addEventListener("change", submit));
    }
  }
}
