// Ctrl+K: every action and record. The list is a combobox with a listbox in a dialog.
// What was typed in the wrong keyboard layout is read as if the layout had been right.

import { word } from "./words.js";

const LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю";
const WAIT_MS = 120;

const dialog = document.getElementById("palette");
const field = dialog.querySelector("input");
const list = document.getElementById(field.getAttribute("aria-controls"));
let shown = [];
let at = 0;
let timer = 0;
let asking = null;

const map = (text, from, to) =>
  [...text.toLowerCase()].map((letter) => to[from.indexOf(letter)] ?? letter).join("");

export function otherLayout(text) {
  return /[а-яё]/i.test(text) ? map(text, RUSSIAN, LATIN) : map(text, LATIN, RUSSIAN);
}

const plain = (text) => text.toLowerCase().replaceAll("ё", "е").trim();

function actions() {
  const template = document.getElementById("palette-actions");
  const kept = template?.content.querySelectorAll("a") ?? [];
  const here = document.querySelectorAll("[data-palette]");
  return [...here, ...kept].filter((one) => !one.disabled).map((element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("kbd, .count").forEach((one) => one.remove());
    return {
      label: element.dataset.palette || copy.textContent.trim().replace(/\s+/g, " "),
      detail: element.dataset.detail ?? "",
      keys: element.dataset.keys ?? element.querySelector("kbd")?.textContent ?? "",
      href: element.getAttribute("href"),
      element: element.isConnected ? element : null,
    };
  });
}

// Every word typed must begin some word of the action, in either layout.
function matches(action, query) {
  const words = plain(`${action.label} ${action.detail}`).split(/[^\p{L}\p{N}]+/u);
  return [query, otherLayout(query)].some((text) =>
    plain(text).split(/\s+/).every((piece) => words.some((one) => one.startsWith(piece))));
}

function option(row, index) {
  const element = document.createElement("div");
  element.id = `palette-${index}`;
  element.setAttribute("role", "option");
  element.setAttribute("aria-selected", String(index === at));
  element.append(row.label, " ");
  element.appendChild(document.createElement("small")).textContent = row.detail ?? "";
  if (row.keys) element.appendChild(document.createElement("kbd")).textContent = row.keys;
  element.addEventListener("click", () => choose(row));
  return element;
}

function draw(note) {
  at = Math.min(at, Math.max(shown.length - 1, 0));
  list.replaceChildren(...shown.map(option));
  if (!shown.length && note) {
    const line = list.appendChild(document.createElement("p"));
    line.className = "hint";
    line.setAttribute("role", "status");
    line.textContent = note;
  }
  field.setAttribute("aria-expanded", String(shown.length > 0));
  point();
}

function point() {
  [...list.querySelectorAll("[role=option]")].forEach((one, index) => {
    one.setAttribute("aria-selected", String(index === at));
    if (index === at) one.scrollIntoView({ block: "nearest" });
  });
  if (shown.length) field.setAttribute("aria-activedescendant", `palette-${at}`);
  else field.removeAttribute("aria-activedescendant");
}

function choose(row) {
  dialog.close();
  if (row.element) row.element.click();
  else if (row.href) location.assign(row.href);
}

async function ask(query, signal) {
  const response = await fetch(`/search.json?q=${encodeURIComponent(query)}`,
    { signal, credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

async function search() {
  const query = field.value.trim();
  asking?.abort();
  const local = actions().filter((action) => !query || matches(action, query));
  shown = local.slice(0, query ? 6 : 12);
  at = 0;
  draw(query ? word("searching", dialog) : "");
  if (query.length < 2) return;
  const { signal } = asking = new AbortController();
  try {
    let found = await ask(query, signal);
    if (!found.length) found = await ask(otherLayout(query), signal);
    if (signal.aborted) return;
    shown = [...shown, ...found].slice(0, 20);
    draw(word("nothing", dialog));
  } catch (problem) {
    if (problem.name !== "AbortError") draw(word("nothing", dialog));
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(search, WAIT_MS);
});

field.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) {
    event.preventDefault();
    at = (at + step + shown.length) % shown.length;
    point();
  } else if (event.key === "Enter" && shown[at]) {
    event.preventDefault();
    choose(shown[at]);
  } else if (event.key === "Escape" && field.value) {
    event.preventDefault();
    field.value = "";
    search();
  }
});

dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});

export function open() {
  if (!dialog.open) dialog.showModal();
  field.select();
  search();
}
