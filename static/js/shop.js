// Each behaviour is a module, loaded where the page has what it hangs on; nothing breaks without it.
import { focusFaults, sendOnce } from "/static/js/lib/once.js";

focusFaults();
document.querySelectorAll("form[data-once]").forEach(sendOnce);

const on = (selector, load) => {
  const found = document.querySelectorAll(selector);
  if (found.length) load().then((module) => module.default(found));
};
// The same when somebody comes near; who is quicker gets the plain link.
const soon = (selector, load) => {
  const found = document.querySelectorAll(selector);
  let module;
  const go = () => (module ??= load().then((loaded) => loaded.default(found)));
  for (const each of found) for (const type of ["pointerenter", "focusin", "touchstart"]) each.addEventListener(type, go, { once: true, passive: true });
};
on("form[data-autosubmit], form[data-options]", () => import("/static/js/shop/submit.js"));
const cart = () => import("/static/js/shop/cart.js");
(document.querySelector("form[data-buy]") ? on : soon)("form[data-buy], .cart-link", cart);
soon("form[data-suggest], .search-link", () => import("/static/js/shop/search.js"));
on("[data-gallery], [data-zoom]", () => import("/static/js/shop/gallery.js"));
on(".filter", () => import("/static/js/shop/filters.js"));
if ("onpageswap" in window) soon(".card", () => import("/static/js/shop/carry.js"));
