// One stream of changes for all tabs: the tab that holds the lock listens, the others hear it
// over a channel. A change only names a topic; what is shown is always drawn by the server anew.

import { fetchPage, swap } from "./submit.js";
import { skew } from "./clock.js";
import { word } from "./words.js";

const STALE_MS = 10_000;
const GATHER_MS = 400;
const LATER_MS = 2000;
const PATIENCE_MS = 10_000;
const channel = new BroadcastChannel("troika-live");
const wanted = new Map(); // tab → topics, only used by the listening tab
const me = `${Date.now()}-${Math.random()}`;
let source = null;
let opened = "";
let heardAt = Date.now();
let leading = false;

const regions = () => [...document.querySelectorAll("[data-live]")];
function topicsOf(region) {
  const { searchParams } = new URL(region.dataset.live, location.href);
  return (searchParams.get("topics") ?? "").split(",").filter(Boolean);
}
const mine = () => [...new Set([
  ...regions().flatMap(topicsOf),
  ...[...document.querySelectorAll("[data-live-text]")].map((one) => one.dataset.liveText),
])].sort();

function listen() {
  wanted.set(me, mine());
  const topics = [...new Set([...wanted.values()].flat())].sort().join(",");
  if (!topics || topics === opened && source && source.readyState !== EventSource.CLOSED) return;
  opened = topics;
  source?.close();
  source = new EventSource(`/live?topics=${encodeURIComponent(topics)}`);
  // What changed between the drawing of a page and this moment was told to nobody here.
  source.onopen = () => {
    lookAgain();
    channel.postMessage({ opened: true });
  };
  source.onmessage = (event) => {
    hear(event.data);
    channel.postMessage({ said: event.data });
  };
}

function announce() {
  if (leading) listen();
  else channel.postMessage({ tab: me, topics: mine() });
}

channel.onmessage = ({ data }) => {
  if (data.said) hear(data.said);
  else if (data.opened) lookAgain();
  else if (data.leader) announce();
  else if (leading && data.left) {
    wanted.delete(data.left);
  } else if (leading && data.tab) {
    wanted.set(data.tab, data.topics);
    listen();
  }
};

async function lead() {
  leading = true;
  listen();
  channel.postMessage({ leader: me });
  await new Promise(() => {}); // held until the tab goes
}

// Locks exist only on a safe origin; without them each tab listens for itself.
if (navigator.locks) navigator.locks.request("troika-live", lead);
else lead();
announce();
addEventListener("pagehide", () => channel.postMessage({ left: me }));
addEventListener("pageshow", (event) => event.persisted && announce());
document.addEventListener("troika:replaced", announce);

// What changed is gathered for a moment, so that a burst costs one trip.

const due = new Set();
let timer = 0;
let refreshing = false;

function hear(text) {
  heardAt = Date.now();
  freshen();
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    return;
  }
  if (said.again) return lookAgain(); // something may have gone by unheard
  if (said.text !== undefined) {
    for (const place of document.querySelectorAll(`[data-live-text="${CSS.escape(said.topic)}"]`)) {
      place.textContent = said.text;
    }
    return;
  }
  for (const region of regions()) {
    if (topicsOf(region).includes(said.topic)) due.add(region.dataset.region);
  }
  if (due.size) timer ||= setTimeout(refresh, GATHER_MS);
}

function lookAgain() {
  for (const region of regions()) due.add(region.dataset.region);
  if (due.size) timer ||= setTimeout(refresh, GATHER_MS);
}

// What the reader unfolded stays so: the same summary over the same form.
const detailsOf = (name) =>
  [...document.querySelectorAll(`[data-region="${CSS.escape(name)}"] details`)];
const nameOf = (details) =>
  details.querySelector("summary")?.textContent + details.querySelector("form")?.action;
function unfold(name, unfolded) {
  for (const one of detailsOf(name)) one.open ||= unfolded.includes(nameOf(one));
}

const BUSY = "[data-dragging], [aria-busy=true], dialog[open], :popover-open";

// Typing and choices that are not yet sent are never overwritten.
function isBeingEdited(region) {
  if (region.querySelector(BUSY)) return true;
  return [...region.querySelectorAll("input, textarea, select")].some((field) => {
    if (field.type === "hidden") return false;
    if (field.matches("[type=checkbox], [type=radio]")) {
      return field.checked !== field.defaultChecked;
    }
    if (!field.options) return field.value !== field.defaultValue;
    const first = [...field.options].find((one) => one.defaultSelected) ?? field.options[0];
    return first !== undefined && !first.selected;
  });
}

// One trip at a time, so that no older answer overtakes a newer one. What could not be drawn, for
// somebody is typing or the server had no answer, stays due.
async function refresh() {
  timer = 0;
  if (refreshing) return;
  refreshing = true;
  let wait = 0;
  const byAddress = new Map();
  for (const region of regions()) {
    if (!due.has(region.dataset.region)) continue;
    const address = region.dataset.src ?? location.href;
    byAddress.set(address, [...(byAddress.get(address) ?? []), region]);
  }
  for (const [address, asked] of byAddress) {
    const ready = asked.filter((region) => !isBeingEdited(region));
    if (ready.length < asked.length) wait = LATER_MS;
    if (ready.length && !await draw(address, ready)) wait = LATER_MS;
  }
  refreshing = false;
  const shown = regions().map((region) => region.dataset.region);
  due.forEach((name) => shown.includes(name) || due.delete(name));
  if (due.size) timer ||= setTimeout(refresh, wait || GATHER_MS);
}

// Draws regions anew from one address; false where something of them is still due.
async function draw(address, asked) {
  const names = asked.map((region) => region.dataset.region);
  names.forEach((name) => due.delete(name));
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { response, answer } = await fetchPage(address, { signal });
    if (response.status >= 500 || response.status === 429) throw new Error(response.statusText);
    if (!response.ok || response.redirected) return true;
    // What was replaced or typed into meanwhile is asked for again.
    const still = asked.filter((region) => region.isConnected && !isBeingEdited(region))
      .map((region) => region.dataset.region);
    const unfolded = still.map((name) => detailsOf(name).filter((one) => one.open).map(nameOf));
    swap(answer, still);
    still.forEach((name, at) => unfold(name, unfolded[at]));
    names.filter((name) => !still.includes(name)).forEach((name) => due.add(name));
    return still.length === names.length;
  } catch {
    names.forEach((name) => due.add(name));
    return false;
  }
}

// After ten seconds of silence the figures are shown as old, with their age. So are those of a region
// that says when they were read, whether the stream is alive or not.

function ageOf({ dataset: { drawn } }) {
  return drawn ? Math.floor((Date.now() + skew - Number(drawn)) / 1000) : 0;
}

function freshen() {
  const silent = Math.floor((Date.now() - heardAt) / 1000);
  for (const region of regions()) {
    const seconds = Math.max(silent, ageOf(region));
    const stale = seconds * 1000 >= STALE_MS;
    let note = region.querySelector(":scope > .stale-note");
    if (!stale) {
      region.removeAttribute("data-stale");
      note?.remove();
      continue;
    }
    region.dataset.stale = seconds;
    if (!note) {
      note = document.createElement("small");
      note.className = "stale-note";
      region.prepend(note);
    }
    note.textContent = word("stale", region, { seconds });
  }
  const closed = !source || source.readyState === EventSource.CLOSED;
  if (silent * 1000 >= STALE_MS && leading && closed && silent % 5 === 0) {
    opened = "";
    listen();
  }
}
setInterval(freshen, 1000);
