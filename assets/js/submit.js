// Sends form[data-enhance] without leaving the page and swaps the regions the answer brings.
// A retry carries the same _key, so the server does the thing once however often it is asked.

import { word } from "./words.js";

const busy = new WeakSet();

const named = (root, name) => root.querySelector(`[data-region="${CSS.escape(name)}"]`);

// Replaces every region that both documents hold, outermost first. True if anything changed.
export function swap(answer, only) {
  let changed = false;
  const done = [];
  for (const fresh of answer.querySelectorAll("[data-region]")) {
    const name = fresh.dataset.region;
    const old = named(document, name);
    if (!old || only && !only.includes(name)) continue;
    if (done.some((outer) => outer.contains(fresh))) continue;
    const place = remember(old);
    const copy = document.importNode(fresh, true);
    old.replaceWith(copy);
    done.push(fresh);
    changed = true;
    restore(place, copy);
  }
  if (changed) {
    const title = answer.querySelector("title");
    if (title && !only) document.title = title.textContent;
    document.dispatchEvent(new CustomEvent("troika:replaced"));
  }
  return changed;
}

function remember(old) {
  const active = document.activeElement;
  if (!active || !old.contains(active)) return null;
  return { id: active.id, name: active.name, card: active.closest("[data-card]")?.dataset.card };
}

function restore(place, copy) {
  const wanted = copy.dataset.focus;
  let target = wanted ? copy.querySelector(wanted) : null;
  if (!target && !place) return;
  if (!target && place.card) {
    target = copy.querySelector(`[data-card="${CSS.escape(place.card)}"] a`);
  }
  if (!target && place.id) target = copy.querySelector(`#${CSS.escape(place.id)}`);
  if (!target && place.name) target = copy.querySelector(`[name="${CSS.escape(place.name)}"]`);
  target ??= copy.querySelector("[aria-invalid=true], [autofocus]") ?? copy;
  if (target === copy) copy.tabIndex = -1;
  target.focus({ preventScroll: target === copy });
}

export async function fetchPage(address, options = {}) {
  const response = await fetch(address, {
    credentials: "same-origin",
    ...options,
    headers: { "X-Fragment": "1", Accept: "text/html" },
  });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  return { response, answer };
}

const WRONG = ":is(.error, [aria-invalid=true])";

// The field that is wrong, and the part of the form that it is in.
function wrongField(error) {
  const near = error.closest(".field, fieldset");
  if (error.matches("[aria-invalid]")) return [error, near];
  const field = error.id && document.querySelector(`[aria-describedby~="${CSS.escape(error.id)}"]`);
  return [field || near?.querySelector("input:not([type=hidden]), select, textarea"), near];
}

// What a field is called: by its label, several that are chosen from by what they are of.
function fieldName([field, near]) {
  const isOfSeveral = near?.matches("fieldset") && field?.matches("[type=radio], [type=checkbox]");
  const source = isOfSeveral ? near.querySelector("legend") : field?.labels?.[0];
  const copy = source?.cloneNode(true);
  copy?.querySelectorAll("kbd, .error, .hint, input, select").forEach((one) => one.remove());
  return (copy?.textContent ?? field?.getAttribute("aria-label") ?? "").replace(/[\s*]+$/, "").trim();
}

// What is wrong is said above its form by name, and the first of it has the focus, however far down
// the page it stands.
export function tellWrong() {
  const form = document.querySelector(`main form ${WRONG}`)?.closest("form");
  if (!form) return;
  const wrong = [...form.querySelectorAll(WRONG)].map(wrongField);
  const names = [...new Set(wrong.map(fieldName).filter(Boolean))];
  const said = word("invalid", form);
  let note = [...document.querySelectorAll("main [role=alert]")]
    .find((one) => one.textContent.startsWith(said) || form.contains(one));
  if (!note) {
    note = document.createElement("p");
    note.className = "notice neg";
    note.setAttribute("role", "alert");
    note.textContent = said;
    form.prepend(note);
  }
  if (names.length && note.textContent === said) note.textContent = `${said}: ${names.join(", ")}`;
  const first = wrong.find(([field]) => field)?.[0];
  first?.closest("details")?.setAttribute("open", "");
  first?.focus();
}

function request(form, submitter) {
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const address = new URL(action, location.href);
  const method = (submitter?.getAttribute("formmethod") ?? form.method).toUpperCase();
  const content = new FormData(form, submitter);
  if (method === "GET") {
    address.search = new URLSearchParams(content);
    return [address, {}];
  }
  const body = form.enctype === "multipart/form-data" ? content : new URLSearchParams(content);
  return [address, { method, body }];
}

// The key of a spent form must never be sent again for a different act.
function renewKey(form, answer) {
  const key = form.elements.namedItem("_key");
  if (!form.isConnected || !key) return;
  const action = CSS.escape(form.getAttribute("action") ?? "");
  const fresh = answer.querySelector(`form[action="${action}"] input[name=_key]`);
  if (fresh && fresh.value !== key.value) key.value = fresh.value;
  else location.reload();
}

function notSaved(form, submitter) {
  form.querySelectorAll(".not-sent").forEach((one) => one.remove());
  const note = document.createElement("p");
  note.className = "notice neg not-sent";
  note.setAttribute("role", "alert");
  note.append(word("unsaved", form), " – ");
  const again = note.appendChild(document.createElement("button"));
  again.type = "button";
  again.textContent = word("retry", form);
  again.addEventListener("click", () => send(form, submitter));
  form.append(note);
}

// The address says what is shown, so that a live part is drawn anew with what the answer brought.
function standAt({ pathname, search }) {
  if (pathname === location.pathname) history.replaceState(history.state, "", pathname + search);
}

export async function send(form, submitter) {
  if (busy.has(form)) return;
  busy.add(form);
  const [address, options] = request(form, submitter);
  form.setAttribute("aria-busy", "true");
  try {
    const { response, answer } = await fetchPage(address, options);
    const type = response.headers.get("content-type") ?? "";
    if (response.status >= 500 || response.status === 408) return notSaved(form, submitter);
    if (response.status === 401 || response.status === 403 || !type.includes("text/html")) {
      return location.assign(response.redirected ? response.url : location.href);
    }
    form.querySelectorAll(".not-sent").forEach((one) => one.remove());
    if (response.ok) form.dispatchEvent(new CustomEvent("troika:sent", { bubbles: true }));
    const pushed = response.headers.get("X-Location") ??
      (form.method === "get" ? address.pathname + address.search : null);
    // Regions of the frame stand on every page: alone they do not make two pages one.
    const isSame = [...answer.querySelectorAll("main[data-region], main [data-region]")]
      .some((one) => named(document, one.dataset.region));
    if (response.redirected && !isSame) return location.assign(response.url);
    const only = (submitter?.dataset.target ?? form.dataset.target)?.split(/\s+/);
    if (!swap(answer, only)) {
      return location.assign(response.redirected || !options.method ? response.url : location.href);
    }
    if (response.status === 422) tellWrong();
    if (pushed && pushed !== location.pathname + location.search) {
      history.pushState({ swapped: 1 }, "", pushed);
    }
    if (response.redirected && !pushed && !only) standAt(new URL(response.url));
    if (response.ok && options.method) renewKey(form, answer);
  } catch {
    notSaved(form, submitter);
  } finally {
    busy.delete(form);
    form.removeAttribute("aria-busy");
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-enhance]")) return;
  if (event.submitter?.getAttribute("formtarget") || form.method === "dialog") return;
  event.preventDefault();
  send(form, event.submitter);
});

// A number is asked about before the telephone is opened with it: what may not be called is told
// instead. The click is the telephone's own where the server admits it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-call]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest("form").requestSubmit();
});
document.addEventListener("troika:sent", ({ target }) => {
  const link = target.querySelector("a[data-call]");
  if (link) location.assign(link.href);
});

// Filters answer as soon as they are changed; without script there is a button.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-autosubmit]") && event.target.type !== "hidden") form.requestSubmit();
});

// What a choice or a text means is said beside it at once, before anything is saved: the answer
// brings the parts that the button for it names, and what is typed meanwhile stays. One question at
// a time: a newer one calls off the one before.
const ASK_AFTER_MS = 150;
let asking = null;
document.addEventListener("change", ({ target }) => {
  const id = target.closest?.("[data-asks]")?.dataset.asks;
  if (!document.getElementById(id)?.form) return;
  asking?.abort();
  const { signal } = asking = new AbortController();
  setTimeout(() => ask(id, signal), ASK_AFTER_MS);
});

async function ask(id, signal) {
  const button = document.getElementById(id);
  if (signal.aborted || !button?.form) return;
  try {
    const [address, options] = request(button.form, button);
    const { response, answer } = await fetchPage(address, { ...options, signal });
    if (response.ok && !signal.aborted) swap(answer, button.dataset.target.split(" "));
  } catch { /* The button asks again. */ }
}

window.addEventListener("popstate", () => location.reload());
