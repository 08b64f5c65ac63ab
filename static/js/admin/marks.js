// The box in the head of a list marks all of its rows; with the shift key a box marks all up to the last one.
export default function marks() {
  for (const form of document.querySelectorAll("form.bulk")) {
    const boxes = [...form.querySelectorAll("tbody .mark input")];
    const head = form.querySelector("thead .mark");
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", "Mark all rows");
    head.replaceChildren(all);
    let last;
    const count = () => {
      const marked = boxes.filter((box) => box.checked).length;
      all.checked = marked === boxes.length;
      all.indeterminate = marked > 0 && !all.checked;
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      count();
    });
    form.addEventListener("click", (event) => {
      const at = boxes.indexOf(event.target);
      if (at < 0) return;
      if (event.shiftKey && last !== undefined) for (const box of boxes.slice(Math.min(at, last), Math.max(at, last) + 1)) box.checked = event.target.checked;
      last = at;
      count();
    });
    addEventListener("pageshow", count);
    count();
  }
}
