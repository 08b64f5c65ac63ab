// The cart at the side: the cart's own page where the shopper stands.
import { fetchPage, panel, show } from "/static/js/lib/panel.js";

let side;

function fill(page) {
  const link = document.querySelector(".cart-link");
  const fresh = page.querySelector(".cart-link");
  if (link && fresh) link.replaceChildren(...document.importNode(fresh, true).childNodes);
  side ??= panel("side", page.querySelector("h1").textContent, document.documentElement.dataset.close);
  show(side.body, page);
  for (const form of side.body.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => send(event, form));
    if (form.matches("[data-autosubmit]")) {
      form.addEventListener("change", () => form.reportValidity() && form.requestSubmit());
    }
  }
  if (!side.dialog.open) side.dialog.showModal();
  const said = page.querySelector(".flash, main .errors");
  side.status.className = `panel-status ${said?.className ?? ""}`;
  side.status.textContent = said?.textContent ?? "";
}

// Sends a form and shows the answer; if that fails, the browser sends it.
async function send(event, form) {
  if (event.submitter?.formMethod === "get") return;
  event.preventDefault();
  if (form.dataset.sent) return;
  form.dataset.sent = "1";
  const button = event.submitter;
  button?.setAttribute("aria-busy", "true");
  const fields = new URLSearchParams(new FormData(form, button));
  try {
    const { page, url } = await fetchPage(form.action, { method: "POST", body: fields });
    if (!page.querySelector("main .lines, main .empty, main .errors")) location.assign(url);
    else fill(page);
  } catch {
    delete form.dataset.sent;
    return form.submit();
  } finally {
    button?.removeAttribute("aria-busy");
  }
  delete form.dataset.sent;
}

export default function (found) {
  for (const each of found) {
    if (each.matches("form")) each.addEventListener("submit", (event) => send(event, each));
    else
      each.addEventListener("click", async (event) => {
        const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
        if (!plain || location.pathname === new URL(each.href).pathname || location.pathname.includes("/checkout")) return;
        event.preventDefault();
        try {
          fill((await fetchPage(each.href)).page);
        } catch {
          location.assign(each.href);
        }
      });
  }
}
