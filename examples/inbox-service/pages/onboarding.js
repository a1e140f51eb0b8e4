// Onboardings: who must do what next, where, and everything that may be done now.
import { api, Problem } from "./api.js";
import { act, begin, empty, every, failure, here, nameOf, place, say } from "./common.js";
import { focusOn, h, render } from "./dom.js";
import { formOf, startForm } from "./onboarding-forms.js";
import { checklist, next, PARTIES } from "./onboarding-steps.js";
import { standIn } from "./onboarding-stand-in.js";
import { timeline } from "./onboarding-timeline.js";
import { ago, days } from "./time.js";

const page = { list: null, shown: null, chosen: null, templates: [], started: 0 };
let root;

begin(async (main) => {
  root = main;
  addEventListener("hashchange", () => look(true));
  await look(true);
  every(2, () => look(false));
});

/** Reads what is shown; it is drawn anew where something is new. */
async function look(chosen) {
  try {
    page.list = await api("/api/onboardings");
    const id = place.get("onboarding") ?? (place.get("start") ? null : (page.list[0]?.id ?? null));
    const moved = id !== page.chosen;
    page.chosen = id;
    if (moved) page.shown = null;
    if (moved && !page.shown) draw();
    const shown = id && (await api(`/api/onboardings/${id}`));
    // Something else may have been chosen in between.
    if (page.chosen === id) page.shown = shown;
    draw();
    if (chosen && moved && place.get("onboarding")) focusOn(root.querySelector("#title"));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    // What was shown stays while the service does not answer.
    if ((problem.status === 0 || problem.status >= 500) && page.shown) say(problem.message, "bad");
    else
      render(
        root,
        side(),
        failure(problem, () => look(true)),
      );
  }
}

function draw() {
  const main =
    place.get("start") && !page.chosen ? starting() : page.shown ? one(page.shown) : page.chosen ? loading() : none();
  render(root, h("div", { class: "split" }, side(), main));
}

const loading = () => h("p", { class: "loading", key: "loading" }, "Loading…");

function none() {
  if (here.isOperator)
    return empty("No onboardings yet", "You see an onboarding here as soon as a brand has begun one.");
  if (here.me.account !== "admin") {
    return empty("Nothing for you here", "An onboarding is for account admins: ask one of yours to connect a number.");
  }
  return h(
    "div",
    { class: "stack", key: "none" },
    empty("No onboardings yet", "Begin one to connect a number to WhatsApp."),
    starting(),
  );
}

function side() {
  const list = (page.list ?? []).map(({ id, display_name, number, progress, withdrawn_at, next }) =>
    h(
      "li",
      { key: id },
      h(
        "a",
        { href: place.with({ onboarding: id, start: null }), "aria-current": id === page.chosen && "true" },
        h("strong", {}, display_name ?? "No name yet"),
        h("small", {}, number ?? "no number yet"),
        h("span", { class: "progress", vars: { "--done": progress.done / progress.of }, "aria-hidden": "true" }),
        h("small", {}, withdrawn_at ? "withdrawn" : standing(progress, next)),
      ),
    ),
  );
  const mayStart = !here.isOperator && here.me?.account === "admin";
  return h(
    "aside",
    { class: "side", key: "side", "aria-label": "Onboardings" },
    h("h1", {}, "Onboarding"),
    list.length > 0 && h("ul", { class: "choices" }, list),
    mayStart &&
      h(
        "a",
        { class: "button", id: "start-new", href: place.with({ onboarding: null, start: "new" }) },
        "Start a new onboarding",
      ),
  );
}

function standing({ done, of }, next) {
  if (done === of) return `all ${of} steps done`;
  const parties = [...new Set(next.map(({ party }) => PARTIES[party]?.name ?? party))];
  return `${done} of ${of} done${parties.length ? ` · ${parties.join(", ")} next` : ""}`;
}

function starting() {
  return h(
    "section",
    { class: "panel starting", key: "starting", "aria-labelledby": "title" },
    h("header", {}, h("h2", { id: "title" }, "Start a new onboarding")),
    h("div", { class: "body" }, startForm(`start-${page.started}`, begun)),
  );
}

async function begun(id) {
  page.started += 1;
  say("The onboarding has begun.");
  location.hash = place.with({ onboarding: id, start: null });
}

function one(shown) {
  const { checklist: list } = shown;
  const live = list.channel && !list.withdrawn_at;
  return h(
    "div",
    { class: here.demonstration ? "one with-stand-in" : "one", key: page.chosen },
    h(
      "div",
      { class: "stack" },
      h(
        "header",
        { class: "head" },
        h("h2", { id: "title", class: "title" }, shown.display_name ?? "New onboarding"),
        h(
          "p",
          { class: "row soft" },
          h("span", { class: "figure" }, shown.number ?? "no number yet"),
          h("span", {}, PLANS[list.plan] ?? list.plan),
          live && h("span", { class: "chip good" }, "Live"),
          list.withdrawn_at && h("span", { class: "chip bad" }, "Withdrawn"),
        ),
        h(
          "dl",
          { class: "facts" },
          fact("Steps done", `${list.progress.done} of ${list.progress.of}`),
          live
            ? fact("Channel", h("a", { href: `/queues#channel=${list.channel}` }, "Open its queues"))
            : list.live && fact("Expected live", days(list.live)),
          list.complete && fact("Everything done", days(list.complete)),
          list.withdrawn_at && fact("Withdrawn", ago(list.withdrawn_at)),
        ),
      ),
      notices(list),
      next(list, shown.allowed),
      h(
        "section",
        { class: "panel", "aria-labelledby": "steps-title" },
        h("header", {}, h("h2", { id: "steps-title" }, "Checklist")),
        checklist(list, shown.allowed, (kind) => formOf(kind, shown, page.chosen, done)),
      ),
      timeline(list),
      beside(shown),
    ),
    here.demonstration && standIn(shown, page.chosen, () => look(false)),
  );
}

const PLANS = {
  walkthrough: "The provider creates the account",
  "embedded-signup": "Meta's embedded signup",
  "partner-initiated": "The provider asks first",
};

const fact = (name, value) => h("div", { key: name }, h("dt", {}, name), h("dd", {}, value));

const NOTICES = {
  "nobody-can-reply":
    "The channel has opened, and by its grants nobody can reply. Give somebody access as a contributor.",
};

function notices({ notices, warnings }) {
  const told = notices.map((notice) =>
    notice.notice === "lost"
      ? h("p", { class: "notice bad" }, "Meta has taken the account away ", ago(notice.since), ".")
      : h(
          "p",
          { class: "notice bad" },
          `Meta restricts the account (${notice.restriction}) since `,
          ago(notice.since),
          ".",
        ),
  );
  const warned = warnings.map(({ warning, why }) =>
    h(
      "p",
      { class: "notice wait" },
      NOTICES[warning] ??
        `Meta may decline the display name: ${typeof why === "string" ? why.replaceAll("-", " ") : JSON.stringify(why)}.`,
    ),
  );
  return [...told, ...warned];
}

/** What belongs to no step. */
function beside(shown) {
  const kinds = ["withdraw", "release-number"].filter((kind) => shown.allowed.includes(kind));
  const over = shown.checklist.withdrawn_at;
  return h(
    "details",
    { class: "panel beside", key: "beside" },
    h("summary", {}, "More"),
    h(
      "div",
      { class: "body row" },
      !over && shown.phone_number_id && settle(),
      kinds.map((kind) => formOf(kind, shown, page.chosen, done)),
      h("p", { class: "soft small" }, `Signed in as ${here.isOperator ? here.me.name : nameOf(here.me.user)}.`),
    ),
  );
}

function settle() {
  const read = (event) =>
    act(event.currentTarget, async () => {
      const answer = await api(`/api/onboardings/${page.chosen}/commands`, { method: "POST", body: "settle" });
      say(
        answer.events.length ? "Meta was asked, and what it told is shown." : "Meta was asked, and told nothing new.",
      );
      await look(false);
    });
  return h("button", { class: "quiet", id: "settle", onclick: read }, "Ask Meta how far it is");
}

/** Something was done: it is told, and the keyboard goes on at its step. */
async function done(text, step) {
  say(text);
  await look(false);
  focusOn(document.getElementById(step ? `step-${step}` : "title"));
}
