// The entry of every page. The page already works; this adds keys, fragments and live parts.
// A module is fetched only when the page holds something for it to do.

import "./keys.js";
import { tellWrong } from "./submit.js";

const parts = [
  ["form[data-draft]", "./drafts.js"],
  ["[data-live]", "./live.js"],
  ["[data-card]", "./board.js"],
  ["[data-mechanism]", "./measured.js"],
  ["[data-until], [data-since]", "./clock.js"],
  ["[data-undo]", "./toast.js"],
  ["[data-when]", "./when.js"],
  ["[data-set]", "./theme.js"],
];
const loaded = new Set();

function loadWhatIsNeeded() {
  for (const [selector, path] of parts) {
    if (loaded.has(path) || !document.querySelector(selector)) continue;
    loaded.add(path);
    import(path).catch(() => loaded.delete(path));
  }
}

// The palette is fetched at its first opening; if that fails, the link leads to /search.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-palette-open]");
  if (!opener || event.isTrusted && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
  if (!document.getElementById("palette")) return;
  event.preventDefault();
  import("./palette.js").then((palette) => palette.open(), () => location.assign(opener.href));
});

// Buttons with command/commandfor work without script in new browsers; this serves the rest.
if (!("commandForElement" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[commandfor]");
    const dialog = button && document.getElementById(button.getAttribute("commandfor"));
    if (!dialog) return;
    event.preventDefault();
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else dialog.close();
  });
}

// A button that copies needs this script; without it there is the text to select.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  const field = button && document.getElementById(button.dataset.copy);
  if (!field) return;
  field.select();
  if (document.execCommand("copy")) button.textContent = button.dataset.copied;
});
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

// What a tab kept for its own reload is nobody's once its person has signed out.
if (!document.querySelector("[action='/sign-out']")) {
  try {
    const drafts = Object.keys(sessionStorage).filter((key) => key.startsWith("draft:"));
    drafts.forEach((key) => sessionStorage.removeItem(key));
  } catch { /* This browser keeps nothing. */ }
}

document.documentElement.dataset.script = "on";
document.addEventListener("troika:replaced", loadWhatIsNeeded);
loadWhatIsNeeded();
tellWrong();
