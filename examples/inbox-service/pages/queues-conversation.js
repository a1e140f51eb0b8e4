// One conversation: what was written, and what the team may do now. What may not be done says why.
import { absolute, api, sentence } from "./api.js";
import { act, here, nameOf, say } from "./common.js";
import { h, newId } from "./dom.js";
import { clearFaults, field, input, select, send } from "./form.js";
import { QUEUES, urgency, warned } from "./queues-cards.js";
import { templateForm } from "./queues-template.js";
import { ago, clock, when } from "./time.js";

const MOST = 4096;
// A form that was taken makes room for an empty one.
const sent = new Map();

export function conversation(shown, templates, look) {
  const { conversation: of, messages, notes, allowed, refused } = shown;
  const command = (body) => api(`/api/conversations/${of.id}/commands`, { method: "POST", body });
  const tools = { of, allowed, refused: refused ?? {}, command, look };
  return [
    heading(of),
    facts(of),
    thread(messages),
    reply(tools, of),
    templateForm(tools, templates, { keep: keep("template", of.id), taken: () => taken("template", of.id) }),
    actions(tools),
    h(
      "div",
      { class: "both", key: "labels" },
      labels(tools, "tags", "edit-tags"),
      labels(tools, "topics", "edit-topics"),
    ),
    notesOf(tools, notes),
    whyNot(tools),
  ];
}

function heading({ customer, queue }) {
  const { name } = QUEUES.find(({ id }) => id === queue);
  return h(
    "header",
    { class: "detail-head" },
    h("h2", { id: "title", tabindex: "-1" }, customer?.name ?? "A customer"),
    h("span", { class: `chip queue-${queue}`, id: "queue" }, name),
    h("p", { class: "soft figure" }, customer?.number),
  );
}

function facts(of) {
  const { owner, deadline, snoozed_until, free_text_until, window_shut, warning, queue } = of;
  const told = [
    ["Owner", owner ? nameOf(owner) : "nobody"],
    snoozed_until && ["Snoozed until", when(snoozed_until)],
    deadline && ["Resolves by itself", h("span", { class: `deadline ${urgency(deadline)}` }, ago(deadline))],
    queue !== "resolved" && !deadline && !snoozed_until && ["Resolves by itself", "never"],
    [
      "24-hour window",
      window_shut ? h("span", {}, "shut") : free_text_until && h("span", {}, "open until ", clock(free_text_until)),
    ],
    warning !== "none" && ["Closing warning", warned(warning)],
  ];
  return h(
    "dl",
    { class: "facts" },
    told.filter(Boolean).map(([name, value]) => h("div", { key: name }, h("dt", {}, name), h("dd", {}, value))),
  );
}

const STATES = {
  asked: "…",
  "to-send": "to send",
  sending: "sending",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  failed: "failed",
  unknown: "unknown: nobody knows whether it was sent",
};

function thread(messages) {
  const one = ({ id, author, text, at, state, fault, template }) => {
    const theirs = author === "customer";
    return h(
      "li",
      { key: id, class: theirs ? "message" : "message ours", "data-state": state },
      !theirs && h("span", { class: "by small" }, nameOf(author), template && ` · template ${template}`),
      h("p", { class: "text" }, text),
      h(
        "span",
        { class: "small meta" },
        clock(at),
        !theirs && h("span", { class: `state ${state}` }, STATES[state] ?? state, fault && `: ${fault}`),
      ),
    );
  };
  return h(
    "ol",
    { class: "thread", "aria-label": "Messages", tabindex: "0" },
    messages.length ? messages.map(one) : h("li", { class: "soft" }, "Nothing was written yet."),
  );
}

/** The name under which a form stays the same while somebody types, and is empty once it was taken. */
const keep = (name, id) => `${name} ${id} ${sent.get(`${name} ${id}`) ?? 0}`;
const taken = (name, id) => sent.set(`${name} ${id}`, (sent.get(`${name} ${id}`) ?? 0) + 1);

function reply({ of, refused, command, look }, { window_shut: shut }) {
  const why = refused.reply ?? shut;
  if (why)
    return h(
      "p",
      { class: "notice wait", id: "no-reply", key: "no-reply" },
      h("strong", {}, "You cannot reply now. "),
      sentence(why),
    );
  const text = h("textarea", { name: "text", rows: 3 });
  const count = h("span", { class: "soft small figure", id: newId("count") });
  text.oninput = () => {
    const length = [...text.value].length;
    count.textContent = length > MOST - 500 ? `${length} of ${MOST} characters` : "";
  };
  text.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) text.form.requestSubmit();
  };
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    return send(form, async () => {
      await command({ reply: { text: text.value } });
      taken("reply", of.id);
      say("The reply is on its way.");
      await look();
      document.querySelector(".reply textarea")?.focus();
    });
  };
  return h(
    "form",
    { class: "reply", keep: keep("reply", of.id), onsubmit: submit, novalidate: true, "aria-label": "Reply" },
    field({ label: "Reply", pointer: "/reply/text", control: text }),
    h(
      "div",
      { class: "actions" },
      h("button", { class: "primary" }, "Send"),
      count,
      h("span", { class: "soft small" }, "Ctrl + Enter sends"),
    ),
  );
}

const MOVES = [
  ["new", "New"],
  ["pending", "Pending"],
  ["resolved", "Resolved"],
];
const SNOOZES = [
  ["60", "1 hour"],
  ["240", "4 hours"],
  ["1440", "1 day"],
  ["4320", "3 days"],
  ["10080", "1 week"],
];

function actions(tools) {
  const { of, allowed, refused } = tools;
  const mine = of.owner && of.owner === here.me.user;
  const people = select(
    "to",
    here.people.map(({ user, name }) => [user, name]),
  );
  const assign = small(
    "assign",
    "Assign to",
    people,
    "Assign",
    tools,
    () => ({ assign: { to: people.value } }),
    "/assign/to",
  );
  const spans = select("minutes", SNOOZES);
  const until = () => new Date(Date.now() + Number(spans.value) * 60_000).toISOString();
  const snooze = small("snooze", "Snooze for", spans, "Snooze", tools, () => ({ snooze: { until: until() } }));
  return h(
    "section",
    { class: "acts", "aria-label": "What may be done" },
    h(
      "div",
      { class: "actions" },
      button(tools, "take", "Take it", "take", mine && "it is yours already"),
      button(tools, "unassign", "Unassign", "unassign", !of.owner && !refused.unassign && "it has no owner"),
      MOVES.filter(([queue]) => queue !== of.queue).map(([queue, name]) =>
        button(tools, `move-to-${queue}`, `Move to ${name}`, { move: { to: queue } }),
      ),
      of.snoozed_until && button(tools, "wake", "Wake", "wake"),
    ),
    h("div", { class: "smalls" }, allowed.includes("assign") && assign, allowed.includes("snooze") && snooze),
  );
}

/** A button that stays reachable where it does nothing, so that everybody can learn why. */
function button({ allowed, refused, command, look }, kind, text, body, moot) {
  const why = moot || (!allowed.includes(kind) && (refused[kind] ?? "it may not be done now"));
  const press = (event) => {
    if (why) return say(sentence(why), "bad");
    return act(event.currentTarget, async () => {
      await command(body);
      say(`Done: ${text.toLowerCase()}.`);
      await look();
    });
  };
  return h(
    "button",
    { key: kind, id: `do-${kind}`, "aria-disabled": why && "true", title: why && sentence(why), onclick: press },
    text,
  );
}

function small(kind, label, control, text, { of, command, look }, body, pointer) {
  const submit = (event) => {
    event.preventDefault();
    return send(event.currentTarget, async () => {
      await command(body());
      taken(kind, of.id);
      say(`Done: ${text.toLowerCase()}.`);
      await look();
    });
  };
  return h(
    "form",
    { class: "small-form", keep: keep(kind, of.id), onsubmit: submit, novalidate: true, "aria-label": label },
    field({ label, control, pointer }),
    h("button", {}, text),
  );
}

function labels({ of, allowed, command, look }, name, kind) {
  const may = allowed.includes(kind);
  const singular = name.slice(0, -1);
  const remove = (label) => (event) =>
    act(event.currentTarget, async () => {
      await command({ [kind]: { remove: [label] } });
      say(`The ${singular} ${label} is gone.`);
      await look();
      document.querySelector(`#${name}-title`).focus();
    });
  const chip = (label) =>
    h(
      "li",
      { key: label, class: "label" },
      label,
      may && h("button", { "aria-label": `Remove the ${singular} ${label}`, onclick: remove(label) }, "×"),
    );
  const text = input("label");
  const submit = (event) => {
    event.preventDefault();
    return send(event.currentTarget, async () => {
      await command({ [kind]: { add: [text.value] } });
      text.value = "";
      say(`The ${singular} is there.`);
      await look();
    });
  };
  return h(
    "section",
    { class: "labels", key: name, "aria-labelledby": `${name}-title` },
    h("h3", { id: `${name}-title`, tabindex: "-1" }, name.charAt(0).toUpperCase() + name.slice(1)),
    of[name].length > 0 && h("ul", { class: "label-list" }, of[name].map(chip)),
    may &&
      h(
        "form",
        { class: "small-form", keep: keep(name, of.id), onsubmit: submit, novalidate: true },
        field({ label: `Add a ${singular}`, control: text, pointer: `/${kind}/add` }),
        h("button", {}, "Add"),
      ),
  );
}

function notesOf({ of, allowed, command, look }, notes) {
  const remove = (id) => (event) =>
    act(event.currentTarget, async () => {
      await command({ "remove-note": id });
      say("The note is gone.");
      await look();
      document.querySelector("#notes-title").focus();
    });
  const note = ({ id, author, text, at }) =>
    h(
      "li",
      { key: id },
      h("p", { class: "text" }, text),
      h(
        "p",
        { class: "small soft row" },
        `${nameOf(author)}, `,
        h("time", { datetime: at, title: absolute(at) }, ago(at)),
        allowed.includes("remove-note") &&
          h(
            "button",
            {
              class: "quiet",
              onclick: remove(id),
              "aria-label": `Remove the note of ${nameOf(author)}: ${text.slice(0, 40)}`,
            },
            "Remove",
          ),
      ),
    );
  const text = h("textarea", { name: "note", rows: 2 });
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    return send(form, async () => {
      await command({ "add-note": { text: text.value } });
      text.value = "";
      clearFaults(form);
      say("The note is there.");
      await look();
    });
  };
  return h(
    "section",
    { class: "notes", "aria-labelledby": "notes-title" },
    h("h3", { id: "notes-title", tabindex: "-1" }, "Notes of the team"),
    notes.length > 0 && h("ul", {}, notes.map(note)),
    allowed.includes("add-note") &&
      h(
        "form",
        { class: "stack", keep: keep("note", of.id), onsubmit: submit, novalidate: true },
        field({ label: "Add a note", help: "The customer does not see it.", control: text, pointer: "/add-note/text" }),
        h("div", { class: "actions" }, h("button", {}, "Add the note")),
      ),
  );
}

const WORDS = {
  reply: "reply",
  "send-template": "send a template",
  take: "take it",
  assign: "assign it",
  unassign: "unassign it",
  "move-to-new": "move it to New",
  "move-to-pending": "move it to Pending",
  "move-to-resolved": "move it to Resolved",
  snooze: "snooze it",
  wake: "wake it",
  "edit-tags": "change tags",
  "edit-topics": "change topics",
  "add-note": "add a note",
};

/** What may not be done, each with the sentence of the rules. */
function whyNot({ refused, of }) {
  const told = Object.entries(refused).filter(([kind]) => kind !== "wake" || of.snoozed_until);
  if (!told.length) return null;
  return h(
    "details",
    { class: "why-not", key: "why-not" },
    h("summary", {}, `What you may not do now (${told.length})`),
    h(
      "dl",
      {},
      told.map(([kind, why]) =>
        h(
          "div",
          { key: kind, "data-refused": kind },
          h(
            "dt",
            {},
            (WORDS[kind] ?? kind).replace(/^./, (letter) => letter.toUpperCase()),
          ),
          h("dd", { class: "soft" }, sentence(why)),
        ),
      ),
    ),
  );
}
