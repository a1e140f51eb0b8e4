// What every page has: who one is, who there is, what is said to everybody.
import { api, Problem } from "./api.js";
import { h, render } from "./dom.js";

/** Who there is, and who asks. */
export const here = { me: null, people: [], teams: [], operators: [], demonstration: false };

const cookie = (who) => {
  document.cookie = `who=${who}; Path=/; SameSite=Strict; Max-Age=31536000`;
};
const told = () => /(?:^|;\s*)who=/.test(document.cookie);

/** Begins a page: finds out who asks, fills in the switcher, and goes on with the page itself. */
export async function begin(page, { brandOnly = false } = {}) {
  const main = document.querySelector("#page");
  try {
    const people = await api("/api/people");
    if (people.demonstration && !told()) {
      const [first] = people.organisations.flatMap(({ people }) => people.filter(({ account }) => account === "admin"));
      if (first) cookie(`user:${first.user}`);
    }
    here.demonstration = people.demonstration;
    switcher(people);
    const me = await api("/api/me");
    here.me = me.person ?? me.operator;
    here.isOperator = !me.person;
    const own = (id) => here.isOperator || here.me.user.startsWith(id);
    const organisations = people.organisations.filter(({ id }) => own(id));
    here.people = organisations.flatMap(({ people }) => people);
    here.teams = organisations.flatMap(({ teams }) => teams);
    here.operators = people.operators;
    if (brandOnly && here.isOperator) {
      render(
        main,
        empty(
          "Only for the brand",
          "Channels and their conversations belong to the brand. The provider sees onboardings alone.",
        ),
      );
      return;
    }
    await page(main);
  } catch (problem) {
    render(main, failure(problem));
    if (!(problem instanceof Problem)) throw problem;
  } finally {
    main.removeAttribute("aria-busy");
  }
}

/** Everybody may be anybody in a demonstration; elsewhere the host's own sign-in says who one is. */
function switcher({ demonstration, organisations, operators }) {
  const place = document.querySelector("#who");
  if (!demonstration) return;
  const now = decodeURIComponent(document.cookie.match(/(?:^|;\s*)who=([^;]*)/)?.[1] ?? "");
  const option = (value, text) => h("option", { value, selected: value === now }, text);
  const groups = organisations.map(({ name, people }) =>
    h(
      "optgroup",
      { label: name },
      people.map(({ user, name, account }) => option(`user:${user}`, account === "admin" ? `${name} (admin)` : name)),
    ),
  );
  groups.push(
    h(
      "optgroup",
      { label: "Provider" },
      operators.map(({ id, name }) => option(`operator:${id}`, name)),
    ),
  );
  const select = h("select", { id: "who-select", name: "who" }, groups);
  const become = (event) => {
    event.preventDefault();
    cookie(select.value);
    sessionStorage.setItem("switched", "yes");
    location.reload();
  };
  render(
    place,
    h(
      "form",
      { class: "who", onsubmit: become },
      h("label", { for: "who-select" }, "You are"),
      select,
      h("button", { class: "quiet", id: "who-switch" }, "Switch"),
    ),
  );
  if (sessionStorage.getItem("switched")) {
    sessionStorage.removeItem("switched");
    document.querySelector("#who-switch").focus();
  }
}

/** A problem as a sentence, with what can be done about it. */
export function failure(problem, again) {
  const known = problem instanceof Problem;
  const titles = { 0: "No answer", 401: "Nobody is signed in", 403: "Not for you", 404: "Not found", 503: "Not now" };
  return h(
    "div",
    { class: "empty", role: "alert" },
    h("h2", {}, titles[problem.status] ?? "That did not work"),
    h("p", {}, known ? problem.message : "This page has a fault. Load it again."),
    again && h("button", { onclick: again }, "Try again"),
  );
}

/** Where there is nothing. */
export function empty(title, text) {
  return h("div", { class: "empty" }, h("h2", {}, title), text && h("p", {}, text));
}

/** Says something to who sees it and to who hears it. */
export function say(text, kind = "good") {
  const place = document.querySelector("#said");
  const line = h("p", { class: `said ${kind}` }, text);
  place.replaceChildren(line);
  setTimeout(() => line.remove(), kind === "bad" ? 12_000 : 6_000);
}

/** The name of a person, by `<organisation>/<uuid>` or by the UUID alone. */
export function nameOf(user) {
  if (!user) return "nobody";
  const found = here.people.find((person) => person.user === user || person.user.endsWith(`/${user}`));
  return found?.name ?? "somebody who has left";
}

/** The name of a team. */
export function teamName(team) {
  return here.teams.find(({ id }) => id === team)?.name ?? "a team that is gone";
}

/** Runs a page's own look again every few seconds, while somebody looks at it. */
export function every(seconds, look) {
  // The next look begins when the last has ended: a slow service is not asked more often than it answers.
  const next = () =>
    setTimeout(async () => {
      try {
        if (document.visibilityState === "visible") await look();
      } finally {
        next();
      }
    }, seconds * 1000);
  next();
}

/** Does what a button says, once at a time, and says what came of it. */
export async function act(button, work) {
  if (button?.getAttribute("aria-busy") === "true") return;
  button?.setAttribute("aria-busy", "true");
  try {
    return await work();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(problem.message, "bad");
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/** The selection of a page, kept in its address: `#channel=…&conversation=…`. */
export const place = {
  get: (name) => new URLSearchParams(location.hash.slice(1)).get(name),
  with(changes) {
    const params = new URLSearchParams(location.hash.slice(1));
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) params.delete(name);
      else params.set(name, value);
    }
    return `#${params.toString().replaceAll("%2F", "/")}`;
  },
  go(changes) {
    history.replaceState(null, "", this.with(changes));
  },
};
