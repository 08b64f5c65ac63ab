// The picture of the chosen card is carried over to the product's page, where the style sheet names its counterpart.
let named = [];
const name = (element, value) => {
  element.style.viewTransitionName = value;
  named.push(element);
};

export default function () {
  addEventListener("pageswap", carry);
  addEventListener("pageshow", () => {
    named.forEach((element) => (element.style.viewTransitionName = ""));
    named = [];
  });
}

function carry(event) {
  // A transition that the browser gives up is no fault of the page.
  for (const step of ["ready", "finished", "updateCallbackDone"]) event.viewTransition?.[step].catch(() => {});
  const to = event.activation?.entry?.url && new URL(event.activation.entry.url).pathname;
  const card = to && [...document.querySelectorAll(".card-title a")].find((a) => new URL(a.href).pathname === to)?.closest(".card");
  if (!event.viewTransition || !card) return;
  document.querySelectorAll(".strip a").forEach((link) => name(link, "none"));
  name(card.querySelector("img"), "carried");
}
