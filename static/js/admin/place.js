// After a form the page stands where it stood, with the focus where it was, and the sentence of what was done in sight.
// Faults and questions come first (focusFaults).
const STORED = "wharf-place";
const FRESH = 30_000;

function keep() {
  try {
    sessionStorage.setItem(STORED, JSON.stringify({ path: location.pathname, at: Date.now(), y: scrollY, id: document.activeElement?.id }));
  } catch {
    // Then the page begins at its top.
  }
}

function kept() {
  try {
    const place = JSON.parse(sessionStorage.getItem(STORED));
    sessionStorage.removeItem(STORED);
    return place?.path === location.pathname && Date.now() - place.at < FRESH ? place : null;
  } catch {
    return null;
  }
}

export default function place() {
  addEventListener("submit", (event) => event.defaultPrevented || !event.target.closest("main") || event.target.method !== "post" || keep());
  const before = kept();
  const flash = document.querySelector("main > .flash");
  if (before && !document.querySelector("main :is(.errors, [data-focus])")) {
    scrollTo({ top: before.y, behavior: "instant" });
    if (before.id) document.getElementById(before.id)?.focus({ preventScroll: true });
  }
  if (!flash) return;
  // A sentence that comes with the page is not read out; one that comes a moment later is.
  const said = [...flash.childNodes];
  setTimeout(() => flash.replaceChildren(...said), 150);
  setTimeout(() => flash.classList.add("is-old"), 10_000);
}
