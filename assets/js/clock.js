// Counts down to data-until and up from data-since, by the server's clock.

import { word } from "./words.js";

const SOON_MS = 15 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;
const served = Number(document.documentElement.dataset.now);
const arrival = performance.getEntriesByType("navigation")[0]?.responseStart ?? 0;
export const skew = served ? served - (performance.timeOrigin + arrival) : 0;

function span(ms, near) {
  if (ms >= 2 * DAY_MS) return word("days", near, { n: Math.floor(ms / DAY_MS) });
  const seconds = Math.floor(ms / 1000);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return (hours ? `${hours}:${two(minutes)}` : `${minutes}`) + `:${two(seconds % 60)}`;
}

const write = (element, text) => {
  if (text && element.textContent !== text) element.textContent = text;
};

function tick() {
  const now = Date.now() + skew;
  for (const element of document.querySelectorAll("[data-until]")) {
    const left = Number(element.dataset.until) - now;
    element.title ||= element.textContent.trim();
    element.dataset.clock = left < 0 ? "late" : left < SOON_MS ? "soon" : "calm";
    const time = span(Math.abs(left), element);
    write(element, word(left < 0 ? "late" : "left", element, { time }));
  }
  for (const element of document.querySelectorAll("[data-since]")) {
    write(element, span(Math.max(now - Number(element.dataset.since), 0), element));
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("troika:replaced", tick);
