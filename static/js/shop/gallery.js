// Small pictures show which is in sight, a large one comes near by a click.
export default function (found) {
  for (const each of found) if (each.matches("[data-gallery]")) follow(each);
  const links = [...document.querySelectorAll("[data-zoom]")];
  links.forEach((link, at) =>
    link.addEventListener("click", (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      zoom(links, at);
    }),
  );
}

function follow(gallery) {
  const strip = gallery.querySelector(".strip");
  const thumbs = [...gallery.querySelectorAll(".thumbs a")];
  const mark = (at) => thumbs.forEach((thumb, i) => (i === at ? thumb.setAttribute("aria-current", "true") : thumb.removeAttribute("aria-current")));
  const seen = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && mark([...strip.children].indexOf(entry.target))),
    { root: strip, threshold: 0.6 },
  );
  [...strip.children].forEach((item) => seen.observe(item));
  thumbs.forEach((thumb, at) =>
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      const item = strip.children[at];
      const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
      strip.scrollTo({ left: item.offsetLeft - strip.children[0].offsetLeft, behavior });
    }),
  );
}

function zoom(links, start) {
  let at = start;
  const dialog = document.createElement("dialog");
  dialog.className = "zoom";
  const figure = document.createElement("figure");
  const image = new Image();
  const bar = document.createElement("nav");
  const words = document.documentElement.dataset;
  const button = (sign, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = sign;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };
  const turn = (by) => {
    at = (at + by + links.length) % links.length;
    dialog.classList.remove("near");
    image.src = links[at].href;
    image.alt = links[at].querySelector("img").alt;
  };
  const near = () => {
    dialog.classList.toggle("near");
    figure.scrollTo((figure.scrollWidth - figure.clientWidth) / 2, (figure.scrollHeight - figure.clientHeight) / 2);
  };
  figure.append(image);
  figure.addEventListener("click", near);
  if (links.length > 1) bar.append(button("←", words.previous, () => turn(-1)), button("→", words.next, () => turn(1)));
  bar.append(button("+", words.larger, near), button("×", words.close, () => dialog.close()));
  dialog.append(figure, bar);
  dialog.setAttribute("aria-label", links[start].querySelector("img").alt);
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    links[start].focus({ preventScroll: true });
  });
  document.body.append(dialog);
  turn(0);
  dialog.showModal();
}
