// Numbers that are changed with the thumb: a minus and a plus beside the field. Without a script one types.
export default function steppers() {
  for (const box of document.querySelectorAll("[data-stepper]")) {
    const field = box.querySelector("input");
    const name = field.labels[0]?.textContent ?? "";
    const button = (sign, by, what) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "button";
      made.textContent = sign;
      made.setAttribute("aria-label", `${what}: ${name}`);
      made.addEventListener("click", () => {
        const from = field.value.trim() === "" ? box.dataset.stepper : field.value;
        field.value = (Number.parseInt(from, 10) || 0) + by;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      });
      return made;
    };
    field.before(button("−", -1, "One less"));
    field.after(button("+", 1, "One more"));
  }
}
