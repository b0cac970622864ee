// The undo bar leaves by itself after its seconds, but not while it is pointed at or focused. Its
// place stays: where it stands above the page nothing moves under a finger.
// Ctrl+Z presses the newest undo unless a text field has its own typing to take back.

import { send } from "./submit.js";

function tickToasts() {
  for (const toast of document.querySelectorAll("[data-undo]")) {
    const left = Number(toast.dataset.left ?? toast.dataset.undo);
    const place = toast.querySelector(".left");
    if (place) place.textContent = left;
    if (toast.matches(":hover, :focus-within, [aria-busy=true], :has(.not-sent)")) continue;
    if (left <= 0) {
      toast.style.visibility = "hidden";
      delete toast.dataset.undo;
    }
    else toast.dataset.left = left - 1;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyZ" || !(event.ctrlKey || event.metaKey)) return;
  if (event.shiftKey || event.altKey) return;
  const field = document.activeElement;
  const types = field?.matches?.("textarea, input:not([type=radio], [type=checkbox])");
  if (types && field.value !== field.defaultValue) return;
  const form = [...document.querySelectorAll("form[data-undo]")].at(-1);
  if (!form) return;
  event.preventDefault();
  if (form.matches("[data-enhance]")) send(form, null);
  else form.requestSubmit();
});

tickToasts();
setInterval(tickToasts, 1000);
