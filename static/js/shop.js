// What makes the shop's pages nicer. Each behaviour hangs on a data- attribute; nothing breaks without it.
import { focusFaults, sendOnce } from "/static/js/lib/once.js";

focusFaults();
document.querySelectorAll("form[data-once], form[data-buy]").forEach(sendOnce);

// A changed quantity is saved by itself; its button is not needed then.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.querySelector("button")?.classList.add("visually-hidden");
  form.addEventListener("change", () => form.reportValidity() && form.requestSubmit());
}

// A chosen option shows its variant at once.
for (const form of document.querySelectorAll("form[data-options]")) {
  form.querySelectorAll("[data-options-submit]").forEach((button) => (button.hidden = true));
  form.addEventListener("change", () => form.requestSubmit());
}

// Another country asks for its delivery and total.
document.querySelector("form.checkout #country")?.addEventListener("change", (event) => {
  event.target.form.querySelector("button[name=update]")?.click();
});
for (const method of document.querySelectorAll("form.checkout input[name=method]")) {
  method.addEventListener("change", () => method.form.querySelector("button[name=update]")?.click());
}
