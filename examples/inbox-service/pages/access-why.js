// Why somebody may or may not do what, in one channel.
import { api, sentence } from "./api.js";
import { h } from "./dom.js";

/** The answers for every action. Each is asked for by itself, as a host would ask for one. */
export function readWhy({ actions }, { user, channel }) {
  const ask = ({ action }) => api(`/api/access/why?${new URLSearchParams({ user, channel, action })}`);
  return Promise.all(actions.map(ask));
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** The panel beside the matrix. */
export function whyPanel({ matrix, cell, why }, close) {
  const body = !cell
    ? [
        h(
          "p",
          { class: "soft" },
          "Choose a cell of the table: here stands what that person may do in that channel, and on which ways they came to it.",
        ),
      ]
    : answer(matrix, cell, why, close);
  return h(
    "aside",
    { class: "panel why", "aria-labelledby": "why" },
    h("header", {}, h("h2", { id: "why", tabindex: "-1" }, title(matrix, cell))),
    h("div", { class: "body" }, body),
  );
}

function title({ people, channels }, cell) {
  if (!cell) return "Why";
  const person = people.find(({ user }) => user === cell.user);
  const channel = channels.find(({ id }) => id === cell.channel);
  return `${person?.name ?? "Somebody"} in ${channel?.name ?? "a channel"}`;
}

function answer({ actions }, cell, why, close) {
  if (!why) return [h("p", { class: "soft" }, "Asking…")];
  const [{ path_sentences: paths, why: first }] = why;
  const titles = Object.fromEntries(actions.map(({ action, title }) => [action, title]));
  const allowed = why.filter(({ why }) => why.allowed);
  const denied = why.filter(({ why }) => !why.allowed);
  const list = (name, kind, mark, answers) =>
    answers.length > 0 && [
      h("h3", { key: name }, `${name} (${answers.length})`),
      h(
        "ul",
        { class: "answers", key: `${name} list` },
        answers.map(({ sentence: text, why: { action } }) =>
          h(
            "li",
            { key: action, "data-action": action },
            h("span", { class: `mark-of ${kind}`, "aria-hidden": "true" }, mark),
            h("div", {}, h("strong", {}, capital(titles[action])), h("p", { class: "small soft" }, sentence(text))),
          ),
        ),
      ),
    ];
  return [
    h("p", {}, "Highest role: ", h("strong", {}, first.held ?? "none")),
    h("h3", {}, "Ways into the channel"),
    paths.length
      ? h(
          "ul",
          { class: "paths" },
          paths.map((path, index) => h("li", { key: String(index) }, sentence(path))),
        )
      : h("p", { class: "soft" }, first.ended ? "None any more: a grant of their own has ended." : "None."),
    paths.length > 0 && first.ended && h("p", { class: "soft small" }, "A grant of their own has ended."),
    list("Allowed", "good", "✓", allowed),
    list("Not allowed", "bad", "✕", denied),
    h("button", { class: "quiet", onclick: close }, "Close"),
  ];
}
