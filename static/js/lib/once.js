// A form is sent once: a second press while the answer is on its way does nothing. Coming back makes it whole again.
export function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });
}

// Faults and questions are reached first.
export function focusFaults() {
  document.querySelector(".errors[role=alert], [data-focus]")?.focus();
}
