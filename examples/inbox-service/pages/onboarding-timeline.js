// The timeline: a table with a bar in each row, so that who cannot see the bars reads the days.
import { h } from "./dom.js";
import { STATUS } from "./onboarding-steps.js";
import { day, days } from "./time.js";

const DAY = 86_400_000;
const number = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY);
const text = (n) => new Date(n * DAY).toISOString().slice(0, 10);
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

export function timeline({ items, as_of }) {
  const today = number(as_of.slice(0, 10));
  const first = Math.min(today, ...items.map(({ span }) => number(span.from)));
  const last = Math.max(today, ...items.map(({ span }) => number(span.until)));
  const count = last - first + 1;
  // As many marks as fit beside each other.
  const every = Math.max(1, Math.ceil(count / 7));
  const marks = Array.from({ length: count }, (_, n) => n).filter((n) => n % every === 0);
  return h(
    "section",
    { class: "panel timeline", "aria-labelledby": "timeline-title" },
    h(
      "header",
      {},
      h("h2", { id: "timeline-title" }, "Timeline"),
      h(
        "p",
        { class: "legend soft small", "aria-hidden": "true" },
        h("span", { class: "key was" }, "as it was"),
        h("span", { class: "key will" }, "as it is expected"),
      ),
    ),
    h(
      "div",
      { class: "body" },
      h(
        "table",
        { vars: { "--days": count, "--today": today - first } },
        h("caption", { class: "unseen" }, `From which day to which day each step lasts. Today is ${day(text(today))}.`),
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("th", { scope: "col" }, h("span", { class: "unseen" }, "Step")),
            h(
              "th",
              { scope: "col", class: "track" },
              h("span", { class: "unseen" }, "Days"),
              h(
                "span",
                { class: "marks", "aria-hidden": "true" },
                marks.map((n) => h("span", { vars: { "--at": n }, key: String(n) }, day(text(first + n)))),
                h("span", { class: "now" }, "today"),
              ),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          items.map((item) => row(item, first, today)),
        ),
      ),
    ),
  );
}

function row({ step, title, status, span }, first, today) {
  const [from, until] = [number(span.from), number(span.until)];
  const past = status === "done" ? until : Math.min(until, today);
  const bar = (a, b, kind) =>
    b >= a && h("span", { class: `bar-of ${kind}`, vars: { "--from": a - first, "--long": b - a + 1 } });
  const waits = status === "locked";
  return h(
    "tr",
    { key: step, "data-status": status },
    h("th", { scope: "row" }, capital(title)),
    h(
      "td",
      { class: "track" },
      h("span", { class: "unseen" }, `${STATUS[status].name}: ${days({ earliest: span.from, latest: span.until })}`),
      h(
        "span",
        { class: "bars", "aria-hidden": "true", title: days({ earliest: span.from, latest: span.until }) },
        !waits && bar(from, past, "was"),
        bar(waits ? from : Math.max(from, past + 1), status === "done" ? from - 1 : until, "will"),
      ),
    ),
  );
}
