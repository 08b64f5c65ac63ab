// What makes the shop's pages nicer. Each behaviour is a module, loaded where the page has what it hangs on; nothing breaks without it.
import { focusFaults, sendOnce } from "/static/js/lib/once.js";

focusFaults();
document.querySelectorAll("form[data-once]").forEach(sendOnce);

const on = (selector, load) => {
  const found = document.querySelectorAll(selector);
  if (found.length) load().then((module) => module.default(found));
};
on("form[data-autosubmit], form[data-options], form.checkout", () => import("/static/js/shop/submit.js"));
on("form[data-buy], .cart-link", () => import("/static/js/shop/cart.js"));
on("form[data-suggest], .search-link", () => import("/static/js/shop/search.js"));
on("[data-gallery], [data-zoom]", () => import("/static/js/shop/gallery.js"));
on(".filter", () => import("/static/js/shop/filters.js"));
if ("onpageswap" in window) on(".card", () => import("/static/js/shop/carry.js"));
