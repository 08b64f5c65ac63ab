// What makes the desk quicker. Nothing breaks without it.
import keys from "/static/js/admin/keys.js";
import marks from "/static/js/admin/marks.js";
import print from "/static/js/admin/print.js";
import palette from "/static/js/lib/palette.js";
import { focusFaults, sendOnce } from "/static/js/lib/once.js";

focusFaults();
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.confirm && !confirm(form.dataset.confirm)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  });
  sendOnce(form);
  if (!form.matches(".bulk")) form.addEventListener("input", () => (form.dataset.changed = "1"));
}

// Leaving with something typed and not sent asks first.
addEventListener("beforeunload", (event) => {
  const isTyped = [...document.querySelectorAll("form[data-changed]")].some((form) => !form.dataset.sent);
  if (isTyped) event.preventDefault();
});

palette();
keys();
marks();
print();
