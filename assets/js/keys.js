// Shortcuts are bound to physical keys, so they work in the Russian and the Latin layout alike.
// In a text field a single key types; with Alt it acts. html[data-keys=off] silences single keys.

const TYPING =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select";
const PRESSABLE = "a[href], button, summary, input, select, textarea, [role=option]";

const FIELD = ":is(input:not([type=hidden]), select, textarea)";

// What a key opens is gone on with at once: its first field, or what its menu offers first.
const FIRST = ":is(input:not([type=hidden]), select, textarea, button, a[href]):not(summary *)";

const isTyping = (element) => element?.matches?.(TYPING) || element?.isContentEditable;

function topScope() {
  const open = [...document.querySelectorAll("dialog:modal")];
  return open.at(-1) ?? document;
}

const isThere = (element) =>
  !element.disabled && element.getAttribute("aria-disabled") !== "true" &&
  !element.closest("[inert], template") &&
  (element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null);

// The keys that the reader chose: what stands on a page by its usual key is pressed by theirs.
const moves = () => (document.documentElement.dataset.keymap ?? "").split(" ").filter(Boolean)
  .map((pair) => pair.split("="));
const chosen = new Map(moves());
const usual = new Map(moves().map(([from, to]) => [to, from]));

const pressed = (event) => event.code.replace(/^Numpad(\d)$/, "Digit$1")
  .replace("NumpadEnter", "Enter");
// With Ctrl every key is what it is.
const meant = (event) => event.ctrlKey || event.metaKey ? pressed(event)
  : usual.get(pressed(event)) ?? pressed(event);

function combination(event) {
  const held = (event.ctrlKey || event.metaKey ? "Ctrl+" : "") +
    (event.altKey ? "Alt+" : "") + (event.shiftKey ? "Shift+" : "");
  return held + meant(event);
}

// A card's own keys come before those of the page when the focus is inside it; what has the key for
// its own comes before what has several.
function find(key) {
  const scope = topScope();
  const near = document.activeElement?.closest?.("[data-row], [data-card], .passport");
  for (const root of [near, scope]) {
    for (const is of ["=", "~="]) {
      const bound = root?.querySelectorAll(`[data-key${is}"${CSS.escape(key)}"]`) ?? [];
      const found = [...bound].find(isThere);
      if (found && scope.contains(found)) return found;
    }
  }
  return null;
}

function press(element) {
  if (element.matches("form")) element.requestSubmit();
  else if (isTyping(element)) { element.focus(); element.select?.(); }
  else {
    // What stands open is gone on with, not shut.
    if (!element.matches("details[open] > summary")) element.click();
    const opened = element.popoverTargetElement ??
      (element.matches("summary") && element.parentElement.open ? element.parentElement : null);
    const field = element.matches("label")
      ? revealed(element.control) ?? element.control
      : opened?.querySelector(FIRST);
    field?.focus({ preventScroll: true });
  }
}

// What is typed after a choice that asks for more goes into the first field it shows, not to keys;
// what may stay empty waits until it is asked for.
function revealed(choice) {
  const name = choice?.checked && choice.dataset.reveals?.split(" ")[0];
  const shown = name && `[data-reveal="${CSS.escape(name)}"]:not([data-optional])`;
  return shown ? choice.form?.querySelector(`${shown} ${FIELD}`) : null;
}

// Enter saves where a list is closed; an open one has it for itself.
const isClosedList = (element) => element.matches?.("select") &&
  CSS.supports("selector(:open)") && !element.matches(":open");

// What cannot be taken back is not sent by the Enter that ends a field: that goes to the button,
// and the next one presses it.
document.addEventListener("keydown", (event) => {
  const form = event.target.form;
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("input")) return;
  if (!form?.matches("[data-deliberate]")) return;
  event.preventDefault();
  form.querySelector("button").focus();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat && event.code === "Enter") return;
  const off = document.documentElement.dataset.keys === "off";
  const typing = isTyping(document.activeElement);
  const key = combination(event);
  const bare = key.replace(/^Alt\+/, "");
  const single = !event.ctrlKey && !event.metaKey && !event.altKey;

  // Out of a field, so that single keys work again.
  if (typing && event.key === "Escape") document.activeElement.blur();
  if (single && typing && key === "Enter" && isClosedList(document.activeElement)) {
    const button = find("Enter");
    if (!button || button.form !== document.activeElement.form) return;
    event.preventDefault();
    return press(button);
  }
  if (single && (off || typing)) return;
  if (single && (event.key === "?" || key === "Shift+Slash")) {
    event.preventDefault();
    return showHelp();
  }
  // Enter and Space belong to the control that has the focus.
  if (single && bare === "Enter" && document.activeElement?.matches?.(PRESSABLE) &&
      !document.activeElement.matches("[type=radio], [type=checkbox]")) return;

  const element = find(key) ?? (event.altKey && !off ? find(bare) : null) ??
    (typing && key === "Ctrl+Enter" ? find("Enter") : null);
  if (element) {
    event.preventDefault();
    press(element);
  } else if (single) listKey(event);
});

// Lists: J and K move, X selects, Shift stretches, Enter opens.

const rowsOf = (list) =>
  [...list.querySelectorAll("[data-row], tbody > tr")].filter(isThere);

function listKey(event) {
  const current = document.activeElement?.closest?.("[data-row], tbody > tr");
  const list = current?.closest("[data-list]") ?? topScope().querySelector("[data-list]");
  if (!list) return;
  const rows = rowsOf(list);
  const at = rows.indexOf(current);
  const code = meant(event);
  if (code === "KeyJ" || code === "KeyK") {
    const step = code === "KeyJ" ? 1 : -1;
    const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (!next) return;
    event.preventDefault();
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    if (event.shiftKey && at >= 0) {
      tick(current, true);
      tick(next, true);
    }
  } else if (code === "KeyX" && current) {
    event.preventDefault();
    tick(current);
  } else if (code === "Enter" && current === document.activeElement) {
    (current.querySelector("[data-open]") ?? current.querySelector("a[href]"))?.click();
  }
}

const boxOf = (row) => row.querySelector("input[type=checkbox][name=selected]");

function tick(row, value) {
  const box = boxOf(row);
  if (!box || box.disabled) return;
  box.checked = value ?? !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

let lastBox = null;
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("input[type=checkbox][name=selected]")) return;
  const list = box.closest("[data-list]");
  if (event.shiftKey && lastBox && list?.contains(lastBox)) {
    const rows = rowsOf(list);
    const ends = [lastBox, box].map((one) => rows.findIndex((row) => row.contains(one)));
    rows.slice(Math.min(...ends), Math.max(...ends) + 1).forEach((row) => tick(row, box.checked));
  }
  lastBox = box;
});

document.addEventListener("change", (event) => {
  const box = event.target;
  const form = box.closest?.("form") ?? box.form;
  if (box.matches?.("[data-select-all]")) {
    const list = box.closest("[data-list]");
    for (const row of rowsOf(list)) {
      const one = boxOf(row);
      if (one && !one.disabled) one.checked = box.checked;
    }
  } else if (!box.matches?.("[name=selected]")) return;
  const count = form?.querySelectorAll("input[name=selected]:checked").length ?? 0;
  for (const place of form?.querySelectorAll("[data-selected-count]") ?? []) {
    place.textContent = count;
  }
});

// The help names what this page can do now, in the words already on it.

// Keys as they stand on the keyboard; beside a sign, the letter that it shares its key with.

const SIGNS = { BracketLeft: "[х", BracketRight: "]ъ", Semicolon: ";ж", Quote: "'э", Comma: ",б",
  Period: ".ю", Backquote: "`ё", Slash: "/", Backslash: "\\", Minus: "-", Equal: "=",
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓" };
const sign = ([latin, letter]) =>
  letter && document.documentElement.lang === "ru" ? `${latin} (${letter})` : latin;
const own = (key) => key.startsWith("Ctrl+") ? key
  : key.replace(/\w+$/, (code) => chosen.get(code) ?? code);
const cap = (key) => own(key).split("+")
  .map((part) => SIGNS[part] ? sign(SIGNS[part]) : part.replace(/^(Digit|Key)/, "")).join(" ");

function label(element) {
  if (element.dataset.keyLabel) return element.dataset.keyLabel;
  if (element.getAttribute("aria-label")) return element.getAttribute("aria-label");
  const source = isTyping(element) ? element.labels?.[0] ?? element : element;
  const copy = source.cloneNode(true);
  copy.querySelectorAll("kbd, .count").forEach((one) => one.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function showHelp() {
  const dialog = document.getElementById("keys");
  const list = dialog?.querySelector("dl");
  if (!list || dialog.open) return;
  const taken = new Set();
  const lines = [];
  const tell = (name, keys) => {
    const free = keys.filter((key) => !taken.has(key));
    free.forEach((key) => taken.add(key));
    if (name && free.length) lines.push([name, free]);
  };
  for (const element of topScope().querySelectorAll("[data-key]")) {
    if (isThere(element)) tell(label(element), element.dataset.key.split(" "));
  }
  if (document.querySelector("[data-list]")) {
    const words = document.getElementById("words")?.dataset ?? {};
    tell(words.next, ["KeyJ"]);
    tell(words.previous, ["KeyK"]);
    tell(words.select, ["KeyX"]);
  }
  list.replaceChildren(...lines.map(([name, keys]) => {
    const line = document.createElement("div");
    line.appendChild(document.createElement("dt")).textContent = name;
    const place = line.appendChild(document.createElement("dd"));
    for (const key of keys) {
      const shown = document.createElement("kbd");
      shown.textContent = cap(key);
      place.append(" ", shown);
    }
    return line;
  }));
  dialog.showModal();
}

// The hints on the page name the keys that the reader chose.

const plain = (key) => key.replace(/^(Digit|Key)/, "");

function hint() {
  for (const element of document.querySelectorAll("[data-key]")) {
    const keys = element.dataset.key.split(" ").filter((key) => own(key) !== key);
    if (!keys.length) continue;
    for (const place of [element, ...element.labels ?? []]) {
      for (const shown of place.querySelectorAll("kbd:not([data-own])")) {
        const key = keys.find((one) => plain(one) === shown.textContent.trim());
        if (!key) continue;
        shown.textContent = cap(key);
        shown.dataset.own = "";
      }
    }
  }
}

if (chosen.size) {
  hint();
  document.addEventListener("troika:replaced", hint);
}
