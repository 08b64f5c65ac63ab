// An open list of choices closes when the page is clicked elsewhere or Escape is pressed.
export default function (found) {
  const close = () => found.forEach((filter) => (filter.open = false));
  document.addEventListener("click", (event) => event.target.closest(".filter") || close());
  for (const filter of found)
    filter.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !filter.open) return;
      close();
      filter.querySelector("summary").focus();
    });
}
