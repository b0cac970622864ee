// Cards move by dragging or by Alt+arrow. Either way the card's own form is what is sent, so the
// rules of the stage are the server's, and without script the same form is a select and a button.

const START_PX = 6;
let drag = null;

const moveForm = (card) => card.querySelector("form.move");
const choice = (card) => moveForm(card)?.querySelector("select");
const optionFor = (card, stage) =>
  [...(choice(card)?.options ?? [])].find((one) => one.value === stage && !one.disabled);

function moveTo(card, stage) {
  const option = optionFor(card, stage);
  const form = moveForm(card);
  if (!option || form.getAttribute("aria-busy")) return;
  option.selected = true;
  form.requestSubmit();
}

const stages = () => [...document.querySelectorAll("[data-stage]")];
const stageAt = (event) =>
  document.elementsFromPoint(event.clientX, event.clientY)
    .map((one) => one.closest("[data-stage]"))
    .find(Boolean);

document.addEventListener("pointerdown", (event) => {
  if (event.button || event.pointerType === "touch") return;
  const card = event.target.closest("[data-card]");
  if (!card || event.target.closest("button, select, input, textarea, summary")) return;
  const from = card.closest("[data-stage]");
  drag = { card, from, x: event.clientX, y: event.clientY, on: false };
});

// A link would otherwise start the browser's own dragging.
document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("[data-card]")) event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
  if (!drag.on) {
    if (Math.hypot(dx, dy) < START_PX) return;
    drag.on = true;
    drag.card.dataset.dragging = "";
    getSelection().removeAllRanges();
    for (const stage of stages()) {
      const barred = stage !== drag.from && !optionFor(drag.card, stage.dataset.stage);
      stage.toggleAttribute("data-barred", barred);
    }
  }
  event.preventDefault();
  drag.card.style.transform = `translate(${dx}px, ${dy}px)`;
  const over = stageAt(event);
  for (const stage of stages()) {
    stage.toggleAttribute("data-over", stage === over && stage !== drag.from);
  }
});

function end(event, dropped) {
  if (!drag) return;
  const { card, on, from } = drag;
  const target = dropped && on ? stageAt(event) : null;
  drag = null;
  if (!on) return;
  delete card.dataset.dragging;
  card.style.transform = "";
  for (const stage of stages()) {
    stage.removeAttribute("data-over");
    stage.removeAttribute("data-barred");
  }
  // The click that ends a drag must not open the card.
  addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); },
    { capture: true, once: true });
  setTimeout(() => dispatchEvent(new Event("click")), 0);
  if (target && target !== from) moveTo(card, target.dataset.stage);
}

document.addEventListener("pointerup", (event) => end(event, true));
document.addEventListener("pointercancel", (event) => end(event, false));

document.addEventListener("keydown", (event) => {
  if (event.code === "Escape" && drag) return end(event, false);
  if (!event.altKey || event.ctrlKey || !/^Arrow(Left|Right)$/.test(event.code)) return;
  const card = document.activeElement?.closest?.("[data-card]");
  if (!card) return;
  event.preventDefault();
  const all = stages();
  const step = event.code === "ArrowRight" ? 1 : -1;
  let at = all.indexOf(card.closest("[data-stage]")) + step;
  while (all[at] && !optionFor(card, all[at].dataset.stage)) at += step;
  if (all[at]) moveTo(card, all[at].dataset.stage);
});
