// The form of the settings. What stays as it is, is not sent.
import { h, newId } from "./dom.js";
import { field, input, select } from "./form.js";
import { duration } from "./time.js";

const NAME = 255;
const REASON = 255;

const SAYS = {
  channel: "this channel says so",
  organisation: "the organisation says so",
  "built-in": "it is built in",
};

const POLICIES = [
  ["anyone", "Anyone who may reply in the channel"],
  ["owner", "Only the owner, where there is one"],
  ["owner-and-supervisors", "The owner and supervisors"],
];

/** The form, filled with what is saved. */
export function settingsForm(view, { submit, changed, back }) {
  const shut = Boolean(view.status.closed);
  const form = h(
    "form",
    { class: "panel settings-form", onsubmit: submit, oninput: changed, novalidate: true, "aria-labelledby": "title" },
    h(
      "fieldset",
      { class: "sections", disabled: shut },
      h("legend", { class: "unseen" }, "Settings of the channel"),
      name(),
      assignment(),
      resolves("auto_resolve_new", "Auto-resolve in New", "Closes what nobody of the team has answered."),
      resolves("auto_resolve_pending", "Auto-resolve in Pending", "Closes what the customer has not answered."),
      reason(),
      warning(),
      policy(),
    ),
    h(
      "div",
      { class: "actions foot" },
      h("button", { class: "primary", disabled: shut }, "Save"),
      h("button", { type: "button", class: "quiet", onclick: back, disabled: shut }, "Undo my changes"),
    ),
  );
  fill(form, view);
  return form;
}

const section = (title, help, key, ...body) =>
  h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "what" },
      h("h3", {}, title),
      h("p", { class: "help" }, help),
      h("p", { class: "holds", "data-holds": key }),
    ),
    h("div", { class: "control" }, ...body),
  );

/** A text with a counter of its characters, as the rule counts them. */
function counted(control, most) {
  const id = newId("counter");
  const counter = h("p", { class: "counter", id, "data-counter": control.name, "data-most": most });
  return { control, counter };
}

function name() {
  const { control, counter } = counted(input("name"), NAME);
  return section(
    "Name",
    "As your team sees it in the channel selector.",
    "name",
    field({ label: "Channel name", pointer: "/name", control }),
    counter,
  );
}

function reason() {
  const { control, counter } = counted(input("resolve_reason"), REASON);
  return section(
    "Resolve reason",
    "What the record of an auto-resolved conversation says.",
    "resolve_reason",
    field({ label: "Reason", pointer: "/resolve_reason", control }),
    counter,
  );
}

function radios(name, legend, options, pointer, more) {
  const id = newId(name);
  return h(
    "fieldset",
    { class: "window", id, "data-pointer": pointer, "data-choice": name },
    h("legend", { class: "unseen" }, legend),
    options.map(([value, text]) =>
      h("label", { class: "choice" }, h("input", { type: "radio", name, value }), h("span", {}, text)),
    ),
    more,
    h("p", { class: "fault", id: `${id}-fault`, hidden: true }),
  );
}

function assignment() {
  return section(
    "Auto-assignment",
    "Whether the first of the team who replies becomes the owner.",
    "auto_assignment",
    radios(
      "auto_assignment",
      "Auto-assignment",
      [
        ["on", "On"],
        ["off", "Off"],
      ],
      "/auto_assignment",
    ),
  );
}

/** Days, hours and minutes are for people; minutes are what is meant. */
function span(name, pointers, legend) {
  const id = newId(name);
  const part = (unit) =>
    h(
      "div",
      { class: "part" },
      h("input", { type: "number", min: 0, step: 1, inputmode: "numeric", "data-unit": unit, "aria-label": unit }),
      h("span", { class: "unit", "aria-hidden": "true" }, unit === "minutes" ? "min." : unit),
    );
  const set = h(
    "fieldset",
    { class: "span", id, "data-span": name, "data-pointer": pointers, tabindex: "-1" },
    h("legend", { class: "unseen" }, legend),
    part("days"),
    part("hours"),
    part("minutes"),
  );
  return h("div", { class: "span-place" }, set, h("p", { class: "fault", id: `${id}-fault`, hidden: true }));
}

function resolves(key, title, help) {
  const options = [
    ["inherit", "As the organisation says"],
    ["off", "Off"],
    ["after", "After"],
  ];
  return section(
    title,
    help,
    key,
    radios(key, title, options, `/${key}`, span(key, `/${key}/after-minutes`, `${title}: after`)),
  );
}

function warning() {
  const options = [
    ["off", "No warning"],
    ["when-open", "Only while the 24-hour window is open"],
    ["always", "Always, by a template where the window is shut"],
  ];
  return section(
    "Closing warning",
    "Whether the customer is told before a conversation closes, and how long before.",
    "closing_warning",
    radios(
      "closing_warning",
      "Closing warning",
      options,
      "/closing_warning",
      span("closing_warning", "/closing_warning/when-open", "How long before the close"),
    ),
  );
}

function policy() {
  return section(
    "Reply policy",
    "Who may reply to a conversation that has an owner.",
    "reply_policy",
    field({ label: "Who may reply", pointer: "/reply_policy", control: select("reply_policy", POLICIES) }),
  );
}

/** Fills the form with what is saved, but for what is kept as it was typed, and says of each setting what holds. */
export function fill(form, view, kept = {}) {
  const values = { ...saved(view), ...kept };
  for (const name of ["name", "resolve_reason", "reply_policy"]) form.elements[name].value = values[name];
  check(form, "auto_assignment", values.auto_assignment);
  for (const key of ["auto_resolve_new", "auto_resolve_pending", "closing_warning"]) {
    check(form, key, values[key].choice);
    setSpan(form, key, values[key].minutes);
  }
  form.addEventListener("input", follow);
  follow.call(form);
  for (const [key, text] of Object.entries(holds(view))) form.querySelector(`[data-holds="${key}"]`).textContent = text;
}

function check(form, name, value) {
  for (const radio of form.querySelectorAll(`input[name="${name}"]`)) radio.checked = radio.value === value;
}

/** What depends on what was typed: counters, and which times can be given. */
function follow() {
  for (const counter of this.querySelectorAll("[data-counter]")) {
    const length = [...this.elements[counter.dataset.counter].value].length;
    const most = Number(counter.dataset.most);
    counter.textContent = `${length} of ${most} characters`;
    counter.classList.toggle("over", length > most);
  }
  for (const set of this.querySelectorAll("[data-span]")) {
    const choice = this.querySelector(`input[name="${set.dataset.span}"]:checked`)?.value;
    set.disabled = choice === "off" || choice === "inherit";
    if (set.dataset.span === "closing_warning" && !set.disabled) set.dataset.pointer = `/closing_warning/${choice}`;
  }
}

const spanOf = (form, key) => form.querySelector(`[data-span="${key}"]`);
const SIZES = { days: 1440, hours: 60, minutes: 1 };

function setSpan(form, key, minutes) {
  const parts = { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60 };
  for (const part of spanOf(form, key).querySelectorAll("input")) part.value = parts[part.dataset.unit];
}

/** The minutes that were given. What is no number is sent as it is, so that the server can say what is wrong with it. */
function minutesOf(form, key) {
  const parts = [...spanOf(form, key).querySelectorAll("input")];
  if (parts.some((part) => part.validity.badInput)) return "not a number";
  return parts.reduce((sum, part) => sum + Number(part.value || 0) * SIZES[part.dataset.unit], 0);
}

/** What is typed in the form, as `fill` takes it. */
export function typed(form) {
  const window = (key) => ({
    choice: form.querySelector(`input[name="${key}"]:checked`)?.value,
    minutes: minutesOf(form, key),
  });
  const values = Object.fromEntries(
    ["name", "resolve_reason", "reply_policy", "auto_assignment"].map((name) => [name, form.elements[name].value]),
  );
  for (const key of ["auto_resolve_new", "auto_resolve_pending", "closing_warning"]) values[key] = window(key);
  return values;
}

/** What is saved, in the same shape. */
function saved(view) {
  const { settings } = view;
  const window = (key) => {
    const said = settings[key] ?? "inherit";
    const minutes = said["after-minutes"] ?? view[key].value ?? 1440;
    return { choice: typeof said === "string" ? said : "after", minutes };
  };
  const warns = view.closing_warning;
  const choice = typeof warns === "string" ? warns : Object.keys(warns)[0];
  return {
    name: settings.name,
    resolve_reason: view.resolve_reason.value,
    reply_policy: view.reply_policy,
    auto_assignment: view.auto_assignment.value,
    auto_resolve_new: window("auto_resolve_new"),
    auto_resolve_pending: window("auto_resolve_pending"),
    closing_warning: { choice, minutes: warns[choice] ?? 60 },
  };
}

/** The fields that are not as they are saved, as the server takes them. */
export function changes(view, form) {
  const [was, is] = [written(saved(view)), written(typed(form))];
  return Object.fromEntries(
    Object.entries(is).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name])),
  );
}

function written(values) {
  const window = ({ choice, minutes }) => (choice === "after" ? { "after-minutes": minutes } : choice);
  const { choice, minutes } = values.closing_warning;
  return {
    ...values,
    auto_resolve_new: window(values.auto_resolve_new),
    auto_resolve_pending: window(values.auto_resolve_pending),
    closing_warning: choice === "off" ? choice : { [choice]: minutes },
  };
}

/** What holds now, in words, and who says so. */
function holds(view) {
  const said = ({ value, source }, text) => `Holds now: ${text(value)} – ${SAYS[source]}.`;
  const window = (value) => (value === null ? "off" : `after ${duration(value)}`);
  const warns = view.closing_warning;
  const before = typeof warns === "object" ? Object.values(warns)[0] : 0;
  const own = (text) => `Holds now: ${text} – this channel says so.`;
  return {
    name: own(view.name),
    auto_assignment: said(view.auto_assignment, (value) => value),
    auto_resolve_new: said(view.auto_resolve_new, window),
    auto_resolve_pending: said(view.auto_resolve_pending, window),
    resolve_reason: said(view.resolve_reason, (value) => `“${value}”`),
    // Of these two the server tells no source: what nobody has said is what is built in.
    closing_warning: before ? own(`${duration(before)} before the close`) : "Holds now: no warning – it is built in.",
    reply_policy:
      view.reply_policy === "anyone"
        ? "Holds now: anyone – it is built in."
        : own(POLICIES.find(([value]) => value === view.reply_policy)[1].toLowerCase()),
  };
}
