// Templates that are sent by hand: all that reaches a customer who has not written for a day.
import { say } from "./common.js";
import { h } from "./dom.js";
import { field, input, select, send } from "./form.js";

const PARTS = ["header", "body", "buttons"];
// The form that is shown. What somebody types in it stays while templates come, go and are edited.
let shown = null;

/** The form, where a template may be sent: open where nothing else may. `taken` empties it. */
export function templateForm({ of, refused, command, look }, templates, { keep, taken }) {
  if (refused["send-template"]) return null;
  const shut = Boolean(of.window_shut);
  if (shown?.keep === keep && shown.form.isConnected) {
    shown.offer(templates);
    return h("details", { keep });
  }
  if (!templates.length) {
    return shut && h("p", { class: "soft small", key: "no-template" }, "No template of this channel may be sent now.");
  }
  const choice = select("template", []);
  const place = h("div", { class: "stack" });
  let known = [];
  const show = () => {
    const typed = new Map([...controls(place)].map((control) => [control.dataset.pointer, control.value]));
    const now = known.find(({ id }) => id === choice.value);
    place.replaceChildren(preview(now), ...placeholders(now));
    for (const control of controls(place)) control.value = typed.get(control.dataset.pointer) ?? "";
  };
  const offer = (templates) => {
    const chosen = known.find(({ id }) => id === choice.value);
    // The one that is chosen stays: if it may be sent no longer, the service says why.
    const gone = chosen && !templates.some(({ id }) => id === chosen.id) ? [chosen] : [];
    const next = [...templates, ...gone];
    if (JSON.stringify(next) === JSON.stringify(known)) return;
    const edited = JSON.stringify(next.find(({ id }) => id === chosen?.id)) !== JSON.stringify(chosen);
    known = next;
    choice.replaceChildren(
      ...next.map(({ id, name, language }) => h("option", { value: id }, `${name} (${language})`)),
    );
    choice.value = chosen?.id ?? next[0].id;
    if (!chosen || edited) show();
  };
  choice.onchange = show;
  offer(templates);
  const submit = (event) => {
    event.preventDefault();
    return send(event.currentTarget, async () => {
      await command({ "send-template": { template: choice.value, parameters: given(place) } });
      taken();
      say("The template is on its way.");
      await look();
    });
  };
  const form = h(
    "details",
    { class: "template", open: shut, keep },
    h("summary", {}, "Send a template"),
    h(
      "form",
      { class: "stack", onsubmit: submit, novalidate: true, "aria-label": "Send a template" },
      field({ label: "Template", control: choice, pointer: "/send-template/template" }),
      place,
      h("div", { class: "actions" }, h("button", { class: shut ? "primary" : "" }, "Send the template")),
    ),
  );
  shown = { keep, form, offer };
  return form;
}

function preview({ header, body, footer }) {
  return h(
    "blockquote",
    { class: "preview text" },
    header && h("strong", {}, header, "\n"),
    body,
    footer && h("small", { class: "soft" }, "\n", footer),
  );
}

function placeholders({ placeholders }) {
  const label = (part, { name, label }) => {
    if (part === "buttons") return `Button “${label ?? "Copy the code"}”`;
    return part === "header" ? `{{${name}}} of the header` : `{{${name}}}`;
  };
  const one = (part, place) =>
    field({
      label: label(part, place),
      control: input(place.name, { placeholder: `such as ${place.sample}`, "data-part": part }),
      pointer: `/send-template/parameters/${part}/${place.name}`,
    });
  return PARTS.flatMap((part) => placeholders[part].map((place) => one(part, place)));
}

const controls = (place) => place.querySelectorAll("[data-part]");

function given(place) {
  const given = Object.fromEntries(PARTS.map((part) => [part, {}]));
  for (const control of controls(place)) given[control.dataset.part][control.name] = control.value;
  return given;
}
