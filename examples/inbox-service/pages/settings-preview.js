// What applying the settings in the form would do to the conversations, before it is done.
import { h } from "./dom.js";

const of = (count, one, many) =>
  h("span", {}, h("strong", { class: "figure" }, String(count)), ` ${count === 1 ? one : many}`);

export function previewPanel({ preview, previewFault, dirty, saved }, apply) {
  return h(
    "aside",
    { class: "panel effect", "aria-labelledby": "effect" },
    h("header", {}, h("h2", { id: "effect" }, "Conversations that are open")),
    h("div", { class: "body", "aria-live": "polite" }, told(preview, previewFault, dirty, saved, apply)),
  );
}

function told(preview, fault, dirty, saved, apply) {
  if (fault) return h("p", { class: "notice wait" }, "What it would do is told as soon as every field can be taken.");
  if (!preview) return h("p", { class: "soft" }, "Counting…");
  const sum = (name) => preview.new[name] + preview.pending[name];
  const touched = sum("resolved_at_once") + sum("other_deadline");
  const counts = [
    ["resolved_at_once", "resolves at once", "resolve at once", "bad"],
    ["other_deadline", "gets another deadline", "get another deadline", "wait"],
    ["unchanged", "stays as it is", "stay as they are", ""],
  ];
  return [
    h(
      "p",
      { class: "soft small" },
      dirty ? "If you save this and apply it to what is open:" : "If what is saved is applied to what is open:",
    ),
    h(
      "ul",
      { class: "counts" },
      counts.map(([name, one, many, kind]) =>
        h("li", { class: sum(name) ? kind : "none", key: name, "data-count": name }, of(sum(name), one, many)),
      ),
    ),
    h(
      "table",
      { class: "by-queue" },
      h("caption", { class: "unseen" }, "By queue"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["Queue", "At once", "Other", "Same"].map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        [
          ["New", preview.new],
          ["Pending", preview.pending],
        ].map(([name, by]) =>
          h(
            "tr",
            { key: name },
            h("th", { scope: "row" }, name),
            counts.map(([count]) => h("td", { class: "figure" }, String(by[count]))),
          ),
        ),
      ),
    ),
    h("p", { class: "soft small" }, `${preview.resolved} resolved already, and stay so.`),
    saved &&
      h(
        "p",
        { class: "notice good" },
        "Saved. It holds for what comes in from now on; what is open keeps the deadline that it has, until you apply it.",
      ),
    !dirty &&
      touched > 0 &&
      h(
        "button",
        { class: saved ? "primary" : "", id: "apply", onclick: apply },
        touched === 1 ? "Apply to 1 conversation" : `Apply to ${touched} conversations`,
      ),
    dirty && h("p", { class: "small" }, "Saving alone changes none of them."),
  ];
}
