// A dialog that holds the main part of another page.
export function panel(side, title, close) {
  const dialog = document.createElement("dialog");
  dialog.className = `panel ${side}`;
  const head = document.createElement("header");
  const heading = document.createElement("h2");
  heading.textContent = title;
  heading.id = `panel-${side}`;
  dialog.setAttribute("aria-labelledby", heading.id);
  const button = document.createElement("button");
  button.className = "button quiet";
  button.type = "button";
  button.textContent = close;
  button.addEventListener("click", () => dialog.close());
  head.append(heading, button);
  const body = document.createElement("div");
  const status = document.createElement("p");
  status.className = "panel-status";
  status.setAttribute("role", "status");
  dialog.append(head, status, body);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  return { dialog, body, status };
}

// The page behind an address or a form.
export async function fetchPage(url, options) {
  const response = await fetch(url, options);
  if (!response.headers.get("content-type")?.includes("text/html") || response.status >= 500) throw new Error(response.statusText);
  return { page: new DOMParser().parseFromString(await response.text(), "text/html"), url: response.url, ok: response.ok };
}

// Copies what a page holds (parsed, so nothing in it runs) and keeps the focus at its place.
export function show(body, page) {
  const stops = () => [...body.querySelectorAll("a[href]:not([tabindex]), button:not([hidden]), input:not([type=hidden]), select")];
  const at = stops().indexOf(document.activeElement);
  body.replaceChildren(...[...page.querySelector("main").childNodes].map((node) => document.importNode(node, true)));
  if (at >= 0) stops().slice(0, at + 1).pop()?.focus();
}
