// Going through the rows of a list by keyboard: the focus moves from one row's link to the next, so Enter opens it.
const links = () => [...document.querySelectorAll("main table.list tbody tr")].map((row) => row.querySelector("th a, td:first-child a")).filter((link) => link?.checkVisibility?.() ?? link);

/** Moves by so many rows, from the first or last one if none has the focus; false where there is no row to go to. */
export function step(by) {
  const all = links();
  const here = document.activeElement?.closest("tbody tr");
  const at = here ? all.findIndex((link) => here.contains(link)) : by > 0 ? -1 : all.length;
  const next = all[at + by];
  if (!next) return false;
  next.focus({ preventScroll: true });
  next.closest("tr").scrollIntoView({ block: "nearest" });
  return true;
}

/** Marks the row for the actions of the list, or takes the mark away. */
export function mark() {
  document.activeElement?.closest("tbody tr")?.querySelector("input[type=checkbox]")?.click();
}
