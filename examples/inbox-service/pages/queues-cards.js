// The columns of the queues and their cards.
import { absolute } from "./api.js";
import { nameOf, place } from "./common.js";
import { h } from "./dom.js";
import { ago, relative } from "./time.js";

export const QUEUES = [
  { id: "new", name: "New", about: "Waits for the team", none: "Nobody waits for an answer." },
  { id: "pending", name: "Pending", about: "Waits for the customer", none: "No customer is waited for." },
  { id: "resolved", name: "Resolved", about: "Nothing is waited for", none: "Nothing was resolved yet." },
];

const HOUR = 3_600_000;

/** How near a deadline is, of the time until it: one hour is urgent, six are soon. */
export function urgency(deadline, now = Date.now()) {
  const left = new Date(deadline) - now;
  return left <= HOUR ? "urgent" : left <= 6 * HOUR ? "soon" : "calm";
}

export function column(queue, list, chosen, now) {
  // What closes first is at the top; in Resolved what happened last.
  const by = ({ conversation: { deadline, last_message } }) =>
    queue.id === "resolved" ? -Date.parse(last_message ?? 0) : Date.parse(deadline ?? "9999-01-01");
  const sorted = [...list].sort((a, b) => by(a) - by(b));
  return h(
    "section",
    { class: `column ${queue.id}`, key: queue.id, "aria-labelledby": `queue-${queue.id}` },
    h(
      "header",
      {},
      h("h2", { id: `queue-${queue.id}` }, queue.name, h("span", { class: "count figure" }, String(list.length))),
      h("p", { class: "soft small" }, queue.about),
    ),
    sorted.length
      ? h(
          "ul",
          { class: "cards" },
          sorted.map((entry) => card(entry, chosen, now)),
        )
      : h("p", { class: "nothing soft small" }, queue.none),
  );
}

function card({ conversation, latest }, chosen, now) {
  const { id, customer, owner, tags, deadline, snoozed_until, warning, queue } = conversation;
  const at = Date.parse(now);
  return h(
    "li",
    { key: id },
    h(
      "a",
      {
        class: `card ${deadline && !snoozed_until ? urgency(deadline, at) : "calm"}`,
        href: place.with({ channel: conversation.channel, conversation: id }),
        "aria-current": id === chosen && "true",
      },
      h(
        "span",
        { class: "card-line" },
        h("strong", {}, customer?.name ?? "A customer"),
        latest && ago(latest.at, { class: "soft small" }),
      ),
      h(
        "span",
        { class: "latest" },
        latest
          ? latest.author === "customer"
            ? latest.text
            : `${first(latest.author)}: ${latest.text}`
          : "Nothing was written yet.",
      ),
      h(
        "span",
        { class: "card-facts" },
        queue !== "resolved" && h("span", { class: owner ? "chip" : "chip turn" }, owner ? nameOf(owner) : "no owner"),
        snoozed_until
          ? h(
              "span",
              { class: "chip wait", title: absolute(snoozed_until) },
              `snoozed, wakes ${relative(snoozed_until, at)}`,
            )
          : deadlineChip(deadline, at),
        windowChip(conversation, at),
        warned(warning),
        tags.map((tag) => h("span", { class: "tag", key: tag }, `#${tag}`)),
      ),
    ),
  );
}

const first = (user) => nameOf(user).split(" ")[0];

const KIND = { urgent: "chip bad", soon: "chip wait", calm: "chip" };

function deadlineChip(deadline, now) {
  return (
    deadline &&
    h(
      "span",
      { class: KIND[urgency(deadline, now)], title: `Resolves by itself at ${absolute(deadline)}` },
      `closes ${relative(deadline, now)}`,
    )
  );
}

/** For 24 hours after the customer's last message free text may be sent. */
export function windowChip({ free_text_until: until, window_shut: shut, queue }, now) {
  if (queue === "resolved") return null;
  if (shut || !until)
    return h(
      "span",
      {
        class: "chip shut",
        title: until ? `The 24-hour window closed at ${absolute(until)}` : "The customer has not written",
      },
      "24 h shut",
    );
  return h(
    "span",
    { class: "chip good", title: `The 24-hour window is open until ${absolute(until)}` },
    `24 h: ${relative(until, now).replace(/^in /, "")}`,
  );
}

/** How far the warning before the close is. */
export function warned(warning) {
  if (warning === "none") return null;
  if (warning === "skipped")
    return h("span", { class: "chip", title: "The window was shut and no template is set" }, "no warning possible");
  const [kind, { at }] = Object.entries(warning)[0];
  const texts = { begun: "warning on its way", failed: "warning failed", sent: "customer warned" };
  return h("span", { class: kind === "failed" ? "chip bad" : "chip wait", title: absolute(at) }, texts[kind] ?? kind);
}
