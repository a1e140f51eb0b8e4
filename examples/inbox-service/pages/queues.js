// The queues of a channel, and the conversation that is chosen.
import { api, Problem } from "./api.js";
import { begin, empty, every, failure, here, place, say } from "./common.js";
import { h, render } from "./dom.js";
import { column, QUEUES } from "./queues-cards.js";
import { conversation } from "./queues-conversation.js";
import { customerForm } from "./queues-customer.js";

const page = { channels: [], list: null, shown: null, templates: [], fault: null, silent: false };
let root;

begin(
  async (main) => {
    root = main;
    page.channels = await api("/api/channels");
    addEventListener("hashchange", () => moved());
    await look();
    every(3, look);
  },
  { brandOnly: true },
);

// Of a channel in which one has no role there is nothing to see.
const visible = () => page.channels.filter(({ role }) => role);
const channel = () => page.channels.find(({ id }) => id === place.get("channel")) ?? visible()[0] ?? page.channels[0];
const chosen = () => place.get("conversation");

async function moved() {
  const id = chosen();
  if (page.shown?.conversation.id !== id) page.shown = null;
  if (page.of !== channel()?.id) page.list = null;
  draw();
  await look();
  if (id) root.querySelector("#title")?.focus();
}

/** Reads the channel and the conversation. What somebody types stays, and so does the focus. */
async function look() {
  const of = channel()?.id;
  const id = chosen();
  if (!of) return draw();
  try {
    const [list, shown] = await Promise.all([
      api(`/api/conversations?${new URLSearchParams({ channel: of })}`),
      id ? api(`/api/conversations/${id}`).catch((problem) => ({ problem })) : null,
    ]);
    if (of !== channel()?.id || id !== chosen()) return;
    Object.assign(page, { of, list, shown, fault: null });
    if (page.silent) say("The service answers again.");
    page.silent = false;
    draw();
    const may = shown && !shown.problem && !shown.refused["send-template"];
    if (may && (await templatesOf(of))) draw();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    // One missed answer is told once; what was read last stays.
    if (page.list && (problem.status === 0 || problem.status >= 500)) {
      if (!page.silent) say("The service does not answer. What you see is what was read last.", "bad");
      page.silent = true;
      return;
    }
    Object.assign(page, { of, list: null, fault: problem });
    draw();
  }
}

/** Reads what may be sent on a channel, twice a minute; true where it was read. It is seldom another. */
async function templatesOf(of) {
  if (page.read?.of === of && Date.now() - page.read.at < 30_000) return false;
  try {
    const templates = await api(`/api/channels/${of}/templates`);
    Object.assign(page, { templates, read: { of, at: Date.now() } });
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    // It is asked for again; what was read last stays.
    return false;
  }
}

function draw() {
  const now = channel();
  render(
    root,
    h("div", { class: chosen() ? "inbox has-chosen" : "inbox" }, head(now), board(now), !page.fault && detail()),
  );
  // The address says which channel it is, wherever one came from.
  const select = root.querySelector("#channel");
  if (select && now && select.value !== now.id) select.value = now.id;
}

function head(now) {
  const choices = page.channels.map(({ id, name, status, role }) =>
    h(
      "option",
      { value: id, selected: id === now?.id },
      `${name}${status.closed ? " (closed)" : ""}${role ? "" : " – no role"}`,
    ),
  );
  const go = (event) => {
    location.hash = place.with({ channel: event.currentTarget.value, conversation: null });
  };
  return h(
    "header",
    { class: "inbox-head" },
    h("h1", {}, "Queues"),
    page.channels.length > 0 && h("label", { class: "unseen", for: "channel" }, "Channel"),
    page.channels.length > 0 &&
      h(
        "select",
        { id: "channel", onchange: go, keep: `channels ${page.channels.map(({ id, name }) => id + name).join()}` },
        choices,
      ),
    now?.role && h("p", { class: "soft" }, `You are a ${now.role} here.`),
    now?.status.closed && h("span", { class: "chip bad" }, "Closed"),
  );
}

function board(now) {
  if (!now) {
    const text = "No channel is open to you. An account admin can give you access.";
    return h("div", { class: "board" }, empty("No channels", text));
  }
  if (page.fault)
    return h(
      "div",
      { class: "board", key: "fault" },
      failure(page.fault, page.fault.status === 404 || page.fault.status === 403 ? null : look),
    );
  if (!page.list) return h("div", { class: "board", key: "loading" }, h("p", { class: "loading" }, "Loading…"));
  const { conversations, line, now: at } = page.list;
  return h(
    "div",
    { class: "board", key: now.id },
    h(
      "div",
      { class: "columns" },
      QUEUES.map((queue) =>
        column(
          queue,
          conversations.filter(({ conversation }) => conversation.queue === queue.id),
          chosen(),
          at,
        ),
      ),
    ),
    here.demonstration && line && customerForm(line, conversations, look),
  );
}

function detail() {
  const id = chosen();
  if (!id)
    return h(
      "aside",
      { class: "detail panel none", key: "none" },
      empty("No conversation chosen", "Choose one to read it and to answer."),
    );
  const back = h("a", { class: "back", href: place.with({ conversation: null }) }, "← Back to the queues");
  if (!page.shown)
    return h("aside", { class: "detail panel", key: id }, back, h("p", { class: "loading" }, "Loading…"));
  if (page.shown.problem) return h("aside", { class: "detail panel", key: id }, back, failure(page.shown.problem));
  return h(
    "aside",
    { class: "detail panel", key: id, "aria-labelledby": "title" },
    back,
    conversation(page.shown, page.read?.of === channel()?.id ? page.templates : [], look),
  );
}
