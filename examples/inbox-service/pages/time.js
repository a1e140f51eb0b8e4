// Times as people read them, in their own language and clock.
import { absolute } from "./api.js";
import { h } from "./dom.js";

const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const WEEKDAY = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "numeric", minute: "2-digit" });
// So many days away a weekday is still one day and no other.
const WEEK = 6 * 86_400_000;
const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Such as *in 3 hr.* or *2 days ago*. */
export function relative(instant, now = Date.now()) {
  const ms = new Date(instant) - now;
  for (const [unit, size] of UNITS) {
    // From 36 hours on days tell more, and from 90 minutes on hours.
    if (Math.abs(ms) >= size * (unit === "minute" ? 1 : 1.5)) return RELATIVE.format(Math.trunc(ms / size), unit);
  }
  return ms >= 0 ? "in less than a minute" : "just now";
}

/** A relative time; where one stays longer there is the absolute one. */
export function ago(instant, props = {}) {
  return h("time", { datetime: instant, title: absolute(instant), ...props }, relative(instant));
}

/** An absolute time. */
export function when(instant) {
  return h("time", { datetime: instant }, absolute(instant));
}

/** As short as it can be said: the hour today, the weekday with it within a week, else the date. */
export function clock(instant) {
  const at = new Date(instant);
  const today = at.toDateString() === new Date().toDateString();
  const near = Math.abs(at - Date.now()) < WEEK;
  const text = today ? CLOCK.format(at) : near ? WEEKDAY.format(at) : absolute(instant);
  return h("time", { datetime: instant, title: absolute(instant) }, text);
}

/** A day such as `2026-01-05`, which is a day everywhere. */
export function day(text) {
  return DAY.format(new Date(`${text}T00:00:00Z`));
}

/** From one day to another, or the one day that it is. */
export function days({ earliest, latest }) {
  return earliest === latest ? day(earliest) : `${day(earliest)} – ${day(latest)}`;
}

/** Minutes as people say them: *3 days*, *1 day 2 hours*. */
export function duration(minutes) {
  const parts = [
    ["day", Math.floor(minutes / 1440)],
    ["hour", Math.floor((minutes % 1440) / 60)],
    ["minute", minutes % 60],
  ];
  const said = parts
    .filter(([, count]) => count > 0)
    .map(([unit, count]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  return said.join(" ") || "0 minutes";
}
