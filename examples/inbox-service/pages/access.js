// Who may do what in which channel, why, and changes with what they mean before they are made.
import { api, Problem } from "./api.js";
import { begin, empty, failure, place, say } from "./common.js";
import { h, render } from "./dom.js";
import { grantsPanel } from "./access-grants.js";
import { readWhy, whyPanel } from "./access-why.js";

const page = { matrix: null, cell: null, why: null };
let root;

begin(
  async (main) => {
    root = main;
    await look();
  },
  { brandOnly: true },
);

/** Reads who has access. Why somebody has is read anew too, where it is open. */
async function look() {
  try {
    page.matrix = await api("/api/access");
    if (page.cell) page.why = await readWhy(page.matrix, page.cell);
    draw();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    render(
      root,
      h("h1", {}, "Access"),
      failure(problem, problem.status === 403 || problem.status === 404 ? null : look),
    );
  }
}

const channelOfGrants = () => {
  const { channels } = page.matrix;
  return channels.find(({ id }) => id === place.get("channel")) ?? channels[0];
};

function draw() {
  const { channels, people } = page.matrix;
  if (!channels.length)
    return render(root, h("h1", {}, "Access"), empty("No channels", "Your organisation has no channel yet."));
  render(
    root,
    h(
      "div",
      { class: "page-head" },
      h("h1", {}, "Access"),
      h("p", { class: "soft" }, "The highest role of everybody in every channel. Choose a cell to see why."),
    ),
    h(
      "div",
      { class: "access-page" },
      matrix(channels, people),
      // The answer comes right after the cells, for Tab as on a narrow screen.
      whyPanel(page, close),
      grantsPanel({ matrix: page.matrix, channel: channelOfGrants(), choose, look }),
    ),
  );
}

function choose(id) {
  place.go({ channel: id });
  draw();
}

const ROLES = { viewer: "Viewer", contributor: "Contributor", supervisor: "Supervisor" };

function matrix(channels, people) {
  const column = ({ id, name, status }) =>
    h("th", { scope: "col", key: id }, name, status.closed && h("span", { class: "chip" }, "closed"));
  const cell = (person, channel, row, col) => {
    const role = person.roles[col];
    const chosen = page.cell?.user === person.user && page.cell?.channel === channel.id;
    return h(
      "td",
      { key: channel.id },
      h(
        "button",
        {
          class: `cell ${role ?? "none"}`,
          "data-row": row,
          "data-col": col,
          "aria-pressed": String(chosen),
          "aria-label": `${person.name} in ${channel.name}: ${role ?? "no access"}. Why?`,
          onclick: () => open(person, channel),
        },
        ROLES[role] ?? "–",
      ),
    );
  };
  const row = (person, index) =>
    h(
      "tr",
      { key: person.user },
      h(
        "th",
        { scope: "row" },
        person.name,
        person.account === "admin" && h("span", { class: "chip turn" }, "account admin"),
      ),
      channels.map((channel, col) => cell(person, channel, index, col)),
    );
  return h(
    "section",
    { class: "panel", "aria-labelledby": "matrix-title" },
    h(
      "header",
      {},
      h("h2", { id: "matrix-title" }, "People and channels"),
      h("p", { class: "soft small" }, "Arrow keys move between cells."),
    ),
    h(
      "div",
      { class: "body scroll", tabindex: "0", role: "region", "aria-labelledby": "matrix-title" },
      h(
        "table",
        { class: "matrix", onkeydown: arrows },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Person"), channels.map(column))),
        h("tbody", {}, people.map(row)),
      ),
    ),
  );
}

/** Every cell is a button that Tab reaches; arrows are quicker. */
function arrows(event) {
  const { row, col } = event.target.dataset;
  const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (!move || row === undefined) return;
  const next = root.querySelector(`.cell[data-row="${Number(row) + move[0]}"][data-col="${Number(col) + move[1]}"]`);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

async function open(person, channel) {
  const cell = { user: person.user, channel: channel.id };
  page.cell = cell;
  page.why = null;
  draw();
  try {
    const why = await readWhy(page.matrix, cell);
    if (page.cell !== cell) return;
    page.why = why;
    draw();
    root.querySelector("#why").focus();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(problem.message, "bad");
  }
}

/** The keyboard goes back to the cell that it came from. */
function close() {
  const from = root.querySelector(".cell[aria-pressed=true]");
  Object.assign(page, { cell: null, why: null });
  draw();
  from?.focus();
}
