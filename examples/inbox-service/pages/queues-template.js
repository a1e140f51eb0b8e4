// Templates that are sent by hand: all that reaches a customer who has not written for a day.
import { say } from "./common.js";
import { h } from "./dom.js";
import { field, input, select, send } from "./form.js";

const PARTS = ["header", "body", "buttons"];

/** The form, where a template may be sent: open where nothing else may. `taken` empties it. */
export function templateForm({ of, refused, command, look }, templates, { keep, taken }) {
  if (refused["send-template"]) return null;
  const shut = Boolean(of.window_shut);
  if (!templates.length) {
    return shut && h("p", { class: "soft small", key: "no-template" }, "No template of this channel may be sent now.");
  }
  const names = templates.map(({ id, name, language }) => [id, `${name} (${language})`]);
  const choice = select("template", names);
  const place = h("div", { class: "stack" });
  const chosen = () => templates.find(({ id }) => id === choice.value);
  const show = () => place.replaceChildren(preview(chosen()), ...placeholders(chosen()));
  choice.onchange = show;
  show();
  const submit = (event) => {
    event.preventDefault();
    return send(event.currentTarget, async () => {
      await command({ "send-template": { template: choice.value, parameters: given(place) } });
      taken();
      say("The template is on its way.");
      await look();
    });
  };
  return h(
    "details",
    { class: "template", open: shut, keep: `${keep} ${shut} ${names.join()}` },
    h("summary", {}, "Send a template"),
    h(
      "form",
      { class: "stack", onsubmit: submit, novalidate: true, "aria-label": "Send a template" },
      field({ label: "Template", control: choice, pointer: "/send-template/template" }),
      place,
      h("div", { class: "actions" }, h("button", { class: shut ? "primary" : "" }, "Send the template")),
    ),
  );
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
  const one = (part, { name, label, sample }) =>
    field({
      label: part === "buttons" ? `Button “${label ?? "Copy the code"}”` : `{{${name}}}${part === "header" ? " of the header" : ""}`,
      control: input(name, { placeholder: `such as ${sample}`, "data-part": part }),
      pointer: `/send-template/parameters/${part}/${name}`,
    });
  return PARTS.flatMap((part) => placeholders[part].map((place) => one(part, place)));
}

function given(place) {
  const given = Object.fromEntries(PARTS.map((part) => [part, {}]));
  for (const control of place.querySelectorAll("[data-part]")) given[control.dataset.part][control.name] = control.value;
  return given;
}
