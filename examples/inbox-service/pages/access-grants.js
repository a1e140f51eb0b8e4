// The grants of a channel. What a change means is shown before it is made.
import { absolute, api, Problem } from "./api.js";
import { act, here, nameOf, say, teamName } from "./common.js";
import { h, render } from "./dom.js";
import { field, input, select, send } from "./form.js";
import { when } from "./time.js";

const ROLES = [
  ["viewer", "Viewer"],
  ["contributor", "Contributor"],
  ["supervisor", "Supervisor"],
];
let made = 0;

/** What a grant says: for whom, as what, until when, and whom a revocation names. */
function read(grant) {
  if (grant === "all-teams") return { holder: "all-teams", who: "All teams", role: "as in their team", kind: "" };
  if (grant["all-users"]) return { holder: "all-users", who: "All users", role: grant["all-users"], kind: "" };
  if (grant.team)
    return { holder: { team: grant.team }, who: teamName(grant.team), role: "as in the team", kind: "team" };
  const { user, role, ends } = grant.user;
  return { holder: { user }, who: nameOf(user), role, ends, kind: "person" };
}

export function grantsPanel({ matrix, channel, choose, look }) {
  const closed = Boolean(channel.status.closed);
  const tabs = matrix.channels.map(({ id, name }) =>
    h("button", { class: "tab", key: id, "aria-pressed": String(id === channel.id), onclick: () => choose(id) }, name),
  );
  const row = (grant) => {
    const { holder, who, role, ends, kind } = read(grant);
    const over = ends && new Date(ends) <= Date.now();
    const revoke = () => propose(matrix, channel, [{ revoke: holder }], `Revoke the access of ${who}`, look);
    return h(
      "tr",
      { key: JSON.stringify(holder), class: over ? "over" : null },
      h("th", { scope: "row" }, who, " ", h("span", { class: "soft small" }, kind)),
      h("td", {}, role),
      h("td", {}, ends ? [over ? "ended " : "", when(ends)] : "no end"),
      h(
        "td",
        { class: "end" },
        !closed &&
          h("button", { class: "quiet", "aria-label": `Revoke the access of ${who}`, onclick: revoke }, "Revoke"),
      ),
    );
  };
  return h(
    "section",
    { class: "panel", "aria-labelledby": "grants-title" },
    h(
      "header",
      {},
      h("h2", { id: "grants-title", tabindex: "-1" }, `Grants of ${channel.name}`),
      h("div", { class: "tabs", role: "group", "aria-label": "Channel" }, tabs),
    ),
    h(
      "div",
      { class: "body stack" },
      channel.grants.length
        ? h(
            "div",
            { class: "scroll" },
            h(
              "table",
              { class: "grants" },
              h(
                "thead",
                {},
                h(
                  "tr",
                  {},
                  ["For whom", "As", "Until"].map((name) => h("th", { scope: "col" }, name)),
                  h("th", {}, h("span", { class: "unseen" }, "Change")),
                ),
              ),
              h("tbody", {}, channel.grants.map(row)),
            ),
          )
        : h("p", { class: "soft" }, "Nobody has access to this channel."),
      closed
        ? h(
            "p",
            { class: "notice wait" },
            "The channel is closed: its history stays readable, and its access stays as it is.",
          )
        : grantForm(matrix, channel, look),
    ),
  );
}

function grantForm(matrix, channel, look) {
  const person = field({
    label: "Person",
    pointer: "/0/grant/user/user",
    control: select(
      "user",
      here.people.map(({ user, name }) => [user, name]),
    ),
  });
  const role = field({ label: "Role", pointer: "/0/grant/user/role", control: select("role", ROLES) });
  const ends = field({
    label: "Until",
    help: "Empty: without an end.",
    pointer: "/0/grant/user/ends",
    control: input("ends", { type: "datetime-local" }),
  });
  const team = field({
    label: "Team",
    pointer: "/0/grant/team",
    control: select(
      "team",
      here.teams.map(({ id, name }) => [id, name]),
    ),
  });
  const kinds = [
    ["user", "A person"],
    ["team", "A team"],
    ["all-users", "All users"],
    ["all-teams", "All teams"],
  ];
  const show = () => {
    person.hidden = kind.value !== "user";
    ends.hidden = kind.value !== "user";
    role.hidden = kind.value !== "user" && kind.value !== "all-users";
    team.hidden = kind.value !== "team";
  };
  const kind = select("kind", kinds, { onchange: show });
  show();
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = Object.fromEntries(new FormData(form));
    return send(form, async () => {
      const grant = grantOf(given);
      await propose(current(form), null, [{ grant }], `Give access: ${sayGrant(grant)}`, form.look);
    });
  };
  const form = h(
    "form",
    {
      class: "fields give",
      keep: `give ${channel.id} ${made}`,
      onsubmit: submit,
      novalidate: true,
      "aria-label": `Give access to ${channel.name}`,
    },
    h("h3", { class: "wide" }, "Give access"),
    field({ label: "To", control: kind }),
    person,
    team,
    role,
    ends,
    h("div", { class: "actions" }, h("button", { class: "primary" }, "Show what it means")),
  );
  form.dataset.channel = channel.id;
  form.look = look;
  latest = matrix;
  return form;
}

// The form stays while somebody fills it in; what it is sent on is what was read last.
let latest;
const current = (form) => ({ ...latest, chosen: latest.channels.find(({ id }) => id === form.dataset.channel) });

function grantOf({ kind, user, role, ends, team }) {
  if (kind === "all-teams") return "all-teams";
  if (kind === "all-users") return { "all-users": role };
  if (kind === "team") return { team };
  return { user: { user, role, ...(ends ? { ends: new Date(ends).toISOString() } : {}) } };
}

function sayGrant(grant) {
  const { who, role, ends } = read(grant);
  return `${who}, ${role}${ends ? `, until ${absolute(ends)}` : ""}`;
}

/** Shows what a change means, and makes it if that is what was meant. */
async function propose(matrix, given, changes, title, look) {
  const channel = given ?? matrix.chosen;
  let impact;
  try {
    impact = await api(`/api/channels/${channel.id}/access/impact`, { method: "POST", body: changes });
  } catch (problem) {
    if (!(problem instanceof Problem) || !given) throw problem;
    return say(problem.message, "bad");
  }
  const dialog = h("dialog", { "aria-labelledby": "impact-title" });
  const from = document.activeElement;
  const confirm = (event) =>
    act(event.currentTarget, async () => {
      try {
        await api(`/api/channels/${channel.id}/access`, { method: "POST", body: changes, version: channel.version });
      } catch (problem) {
        if (problem.status !== 412) throw problem;
        await look();
        say(
          "Somebody else changed the access in between. It is read anew: look again, and change it once more.",
          "bad",
        );
        return dialog.close();
      }
      made += 1;
      dialog.close();
      await look();
      say("The access is changed.");
      document.querySelector("#grants-title").focus();
    });
  render(
    dialog,
    h(
      "div",
      { class: "body" },
      h("h2", { id: "impact-title", tabindex: "-1", autofocus: true }, title),
      h("p", { class: "soft" }, `In ${channel.name}. Nothing is changed yet.`),
      impact.warnings.map((warning) => h("p", { class: "notice bad" }, warn(warning, matrix))),
      impact.changes.length
        ? h(
            "ul",
            { class: "impact", "aria-label": "What it means" },
            impact.changes.map((change) => roleChange(change, matrix)),
          )
        : h("p", { class: "notice" }, "Nobody's highest role changes by it now."),
      h(
        "div",
        { class: "actions" },
        h(
          "button",
          { class: changes[0].revoke ? "danger" : "primary", id: "impact-do", onclick: confirm },
          changes[0].revoke ? "Revoke it" : "Give it",
        ),
        h("button", { class: "quiet", onclick: () => dialog.close() }, "Leave it as it is"),
      ),
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (document.activeElement === document.body)
      (from?.isConnected ? from : document.querySelector("#grants-title")).focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function roleChange({ channel, user, was, is }, { channels }) {
  const name = channels.find(({ id }) => id === channel)?.name ?? "another channel";
  const less = !is || (was && ROLES.findIndex(([role]) => role === is) < ROLES.findIndex(([role]) => role === was));
  return h(
    "li",
    { key: `${channel} ${user}` },
    h("strong", {}, nameOf(user)),
    h("span", { class: "soft small" }, ` in ${name} `),
    h(
      "span",
      { class: "turns" },
      h("span", {}, was ?? "no access"),
      h("span", { "aria-hidden": "true" }, " → "),
      h("span", { class: "unseen" }, " becomes "),
      h("span", { class: less ? "chip bad" : "chip good" }, is ?? "no access"),
    ),
  );
}

function warn(warning, { channels }) {
  if (warning["nobody-may-reply"]) {
    const channel = channels.find(({ id }) => id === warning["nobody-may-reply"].channel);
    return `Nobody may reply in ${channel?.name ?? "a channel"} any more.`;
  }
  return `${nameOf(warning["no-channel"]?.user)} has no channel any more.`;
}
