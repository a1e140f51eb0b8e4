// Settings of a channel: a form, what holds and who says so, and what a change would do before it is made.
import { api, Problem } from "./api.js";
import { act, begin, empty, failure, place, say } from "./common.js";
import { focusOn, h, render } from "./dom.js";
import { clearFaults, controlAt, mark, send } from "./form.js";
import { changes, fill, settingsForm, typed } from "./settings-form.js";
import { previewPanel } from "./settings-preview.js";
import { when } from "./time.js";

const page = { channels: [], view: null, preview: null, stale: null, saved: false, asked: 0, form: null };
let root;
let waiting;

begin(
  async (main) => {
    root = main;
    page.channels = await api("/api/channels");
    addEventListener("hashchange", () => choose(true));
    await choose(false);
  },
  { brandOnly: true },
);

const chosen = () => place.get("channel") ?? page.channels[0]?.id ?? null;
const closed = () => Boolean(page.view?.status.closed);

async function choose(focus) {
  const id = chosen();
  Object.assign(page, { view: null, preview: null, stale: null, saved: false, form: null });
  if (!id) return render(root, layout(empty("No channels", "No channel of your organisation is open to you.")));
  render(root, layout(h("p", { class: "loading" }, "Loading…")));
  try {
    page.view = await api(`/api/channels/${id}/settings`);
    if (id !== chosen()) return;
    page.form = settingsForm(page.view, { submit, changed, back });
    draw();
    if (focus) focusOn(root.querySelector("#title"));
    // In a closed channel nothing can be applied.
    if (!closed()) await look();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    render(root, layout(failure(problem, problem.status === 403 ? null : () => choose(true))));
  }
}

function layout(main) {
  const list = page.channels.map(({ id, name, status, role }) =>
    h(
      "li",
      { key: id },
      h(
        "a",
        { href: place.with({ channel: id }), "aria-current": id === chosen() && "true" },
        h("strong", {}, name),
        h("small", {}, status.closed ? "closed" : role ? `you are a ${role} in it` : "you have no role in it"),
      ),
    ),
  );
  return h(
    "div",
    { class: "split" },
    h(
      "aside",
      { class: "side", "aria-label": "Channels" },
      h("h1", {}, "Settings"),
      h("ul", { class: "choices" }, list),
    ),
    main,
  );
}

function draw() {
  const { view } = page;
  // The form is one element as long as the channel is chosen: it is filled anew and never made anew while somebody types.
  render(
    root,
    layout(
      h(
        "div",
        { class: "settings-page", key: view.id },
        h(
          "div",
          { class: "stack" },
          h(
            "header",
            { class: "head" },
            h("h2", { id: "title", class: "title" }, view.name),
            h(
              "p",
              { class: "row soft" },
              h("span", { class: "figure" }, view.whatsapp?.number ?? "not on WhatsApp"),
              h("span", {}, `settings at version ${view.settings_version}`),
              closed() && h("span", { class: "chip bad" }, "Closed"),
            ),
          ),
          closed() &&
            h(
              "p",
              { class: "notice wait" },
              "This channel closed at ",
              when(view.status.closed.since),
              ". Its settings can be read, and not changed.",
            ),
          page.stale && staleNotice(),
          h("div", { keep: `form ${view.id}`, class: "form-place" }),
        ),
        !closed() && previewPanel(page, apply),
      ),
    ),
  );
  const spot = root.querySelector(".form-place");
  if (page.form.parentNode !== spot) spot.replaceChildren(page.form);
}

/** Something was typed: what it would do is asked for once nobody types for a moment. */
function changed() {
  page.saved = false;
  clearTimeout(waiting);
  waiting = setTimeout(look, 250);
}

/** Asks what applying the form as it is would do to the conversations. */
async function look() {
  const asked = (page.asked += 1);
  const id = page.view.id;
  const form = page.form;
  const patch = changes(page.view, form);
  try {
    const { auto_resolve_new, auto_resolve_pending, closing_warning } = patch;
    const preview = await api(`/api/channels/${id}/settings/preview`, {
      method: "POST",
      body: { auto_resolve_new, auto_resolve_pending, closing_warning },
    });
    if (asked !== page.asked) return;
    Object.assign(page, { preview, previewFault: null, dirty: Object.keys(patch).length > 0 });
    windowFaults(form, []);
  } catch (problem) {
    if (!(problem instanceof Problem) || asked !== page.asked) return;
    Object.assign(page, { preview: null, previewFault: problem.message, dirty: true });
    windowFaults(form, problem.errors);
  }
  draw();
}

/** While somebody types, only times are looked at: they decide what the preview says. */
function windowFaults(form, errors) {
  for (const place of form.querySelectorAll(".window")) clearFaults(place);
  for (const { pointer, message } of errors) {
    const control = controlAt(form, pointer);
    if (control) mark(control, message);
  }
}

async function submit(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const patch = changes(page.view, form);
  // What is saved now answers for the times as well.
  clearTimeout(waiting);
  page.asked += 1;
  if (!Object.keys(patch).length) return say("Nothing was changed.");
  const taken = await send(form, async () => {
    try {
      await api(`/api/channels/${page.view.id}/settings`, {
        method: "PATCH",
        body: patch,
        version: page.view.settings_version,
      });
    } catch (problem) {
      if (problem.status !== 412) throw problem;
      await stale(patch);
      return;
    }
    await reload();
    page.saved = true;
    say("The settings are saved.");
    await look();
    focusOn(root.querySelector("#effect"));
  });
  if (!taken) await look();
}

/** Reads what holds now and shows it, in the form too but for what is kept. */
async function reload(kept = {}) {
  page.view = await api(`/api/channels/${page.view.id}/settings`);
  page.channels = await api("/api/channels");
  fill(page.form, page.view, kept);
  draw();
}

/** Somebody else saved in between. Nothing of what was typed is lost: it is shown beside what holds now. */
async function stale(patch) {
  const fresh = await api(`/api/channels/${page.view.id}/settings`);
  page.stale = { patch, fresh, kept: typed(page.form) };
  draw();
  focusOn(root.querySelector("#stale"));
}

function staleNotice() {
  const { patch, fresh, kept } = page.stale;
  const before = page.view.settings;
  const theirs = Object.keys({ ...before, ...fresh.settings }).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(fresh.settings[name]),
  );
  const names = (list) => list.map((name) => name.replaceAll("_", " ")).join(", ");
  const mine = Object.keys(patch);
  const both = mine.filter((name) => theirs.includes(name));
  const goOn = async (event) =>
    act(event.currentTarget, async () => {
      const mineOnly = Object.fromEntries(mine.map((name) => [name, kept[name]]));
      page.stale = null;
      await reload(mineOnly);
      say("What is saved now is loaded, and what you typed is kept.");
      await look();
      page.form.querySelector("[name=name]").focus();
    });
  const drop = async (event) =>
    act(event.currentTarget, async () => {
      page.stale = null;
      await reload();
      await look();
      focusOn(root.querySelector("#title"));
    });
  return h(
    "div",
    { class: "notice wait", id: "stale", role: "alert", tabindex: "-1" },
    h("h3", {}, "Somebody saved other settings while you typed"),
    h(
      "p",
      {},
      `You began with version ${page.view.settings_version}, and the settings are at version ${fresh.settings_version} now. Nothing of yours was saved.`,
    ),
    h(
      "p",
      {},
      `Changed by somebody else: ${names(theirs) || "nothing that is still different"}. Changed by you: ${names(mine)}.`,
    ),
    both.length > 0 && h("p", {}, h("strong", {}, `Both changed: ${names(both)}.`)),
    h(
      "div",
      { class: "actions" },
      h("button", { class: "primary", id: "keep-typed", onclick: goOn }, "Load what is saved, keep what I typed"),
      h("button", { class: "quiet", onclick: drop }, "Load what is saved, drop mine"),
    ),
  );
}

/** Puts the form back to what is saved. */
async function back() {
  clearFaults(page.form);
  fill(page.form, page.view);
  page.stale = null;
  await look();
  say("The form shows what is saved.");
}

/** Applies what is saved to the conversations that are open. */
function apply(event) {
  return act(event.currentTarget, async () => {
    const { changed: count } = await api(`/api/channels/${page.view.id}/settings/apply`, {
      method: "POST",
      version: page.view.settings_version,
    });
    say(count === 1 ? "1 conversation was changed." : `${count} conversations were changed.`);
    page.applied = count;
    await look();
    focusOn(root.querySelector("#effect"));
  });
}
