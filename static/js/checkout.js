// The page from which somebody pays has an entry of its own: what it loads is listed, with the reason, in docs/payment-page.md, and nothing else.
import { focusFaults, sendOnce } from "/static/js/lib/once.js";
import countAnew from "/static/js/checkout/count.js";

focusFaults();
document.querySelectorAll("form[data-once]").forEach(sendOnce);
document.querySelectorAll("form.checkout").forEach(countAnew);
