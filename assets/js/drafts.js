// Keeps what is typed on the server every two seconds and says plainly whether it is kept.

import { word } from "./words.js";

const EVERY_MS = 2000;
const TIMEOUT_MS = 8000;
const FRESH_MS = 10000; // how long a tab holds what its page had not saved when it went
const SECRET = new Set(["_csrf", "_key"]);
const states = new Map(); // form → { typed, kept, sending, timer }

const formOf = (target) => {
  const form = target.form ?? target.closest?.("form");
  return form?.matches("form[data-draft]") ? form : null;
};

function content(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (SECRET.has(name) || typeof value !== "string") continue;
    if (form.elements.namedItem(name)?.type === "password") continue;
    fields[name] = name in fields ? [].concat(fields[name], value) : value;
  }
  return JSON.stringify(fields);
}

function body(form, text) {
  const csrf = form.elements.namedItem("_csrf")?.value ?? "";
  return new URLSearchParams({ scope: form.dataset.draft, body: text, _csrf: csrf });
}

function show(form, state) {
  let place = form.querySelector("[data-save-state]");
  if (!place) {
    place = document.createElement("span");
    place.className = "save-state";
    place.dataset.saveState = "";
    form.append(place);
  }
  // While the server is away the word does not flicker.
  if (place.dataset.state === "unsaved" && state === "saving") return;
  place.dataset.state = state;
  const clock = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit" });
  const time = clock.format(new Date());
  place.setAttribute("role", state === "unsaved" ? "alert" : "presentation");
  place.replaceChildren(word(state, form, { time }));
  if (state !== "unsaved") return;
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = word("retry", form);
  again.addEventListener("click", () => keep(form));
  place.append(" – ", again);
}

async function keep(form) {
  const state = states.get(form);
  if (!state || state.sending) return;
  const text = content(form);
  if (text === state.kept) return;
  state.sending = true;
  show(form, "saving");
  try {
    const response = await fetch("/drafts", {
      method: "POST",
      body: body(form, text),
      credentials: "same-origin",
      signal: AbortSignal.timeout?.(TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(String(response.status));
    state.kept = text;
    show(form, "saved");
  } catch {
    show(form, "unsaved");
  } finally {
    state.sending = false;
    if (states.get(form) === state && content(form) !== state.kept) plan(form);
  }
}

function plan(form) {
  const state = states.get(form);
  if (state.timer) return;
  state.timer = setTimeout(() => {
    state.timer = 0;
    if (form.isConnected) keep(form);
    else states.delete(form);
  }, EVERY_MS);
}

function typed(event) {
  const form = formOf(event.target);
  if (!form) return;
  if (!states.has(form)) states.set(form, { kept: null, sending: false, timer: 0 });
  plan(form);
}

const unsaved = () =>
  [...states].filter(([form, state]) => form.isConnected && content(form) !== state.kept);

document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("troika:sent", (event) => {
  clearTimeout(states.get(event.target)?.timer);
  states.delete(event.target);
});
document.addEventListener("submit", (event) => {
  // An ordinary submit carries the text itself; the warning would be false.
  if (!event.defaultPrevented) states.delete(event.target);
});

// What was typed last goes out before the page does, and outlives it.
function flush() {
  for (const [form, state] of unsaved()) {
    const text = content(form);
    if (text === state.flushed) continue;
    state.flushed = text;
    const options = { method: "POST", credentials: "same-origin", keepalive: true };
    fetch("/drafts", { ...options, body: body(form, text) }).catch(() => {});
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") flush();
});
window.addEventListener("pagehide", flush);
window.addEventListener("beforeunload", (event) => {
  if (!unsaved().length) return;
  flush();
  for (const [form] of unsaved()) {
    const left = JSON.stringify({ at: Date.now(), text: content(form) });
    try { sessionStorage.setItem(place(form), left); } catch { /* The server has it soon. */ }
  }
  event.preventDefault();
});

// A reload may be answered before the server has what was flushed: this tab has it, too.
const place = (form) => `draft:${form.dataset.draft}`;

function bringBack(form) {
  const left = JSON.parse(sessionStorage.getItem(place(form)) ?? "null");
  sessionStorage.removeItem(place(form));
  if (!left || Date.now() - left.at > FRESH_MS) return;
  for (const [name, value] of Object.entries(JSON.parse(left.text))) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "hidden") continue;
      if (!/^(checkbox|radio)$/.test(field.type)) field.value = value;
      else field.checked = [value].flat().includes(field.value);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

try {
  document.querySelectorAll("form[data-draft]").forEach(bringBack);
} catch { /* This browser keeps nothing. */ }
