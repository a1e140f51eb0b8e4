// The checklist: every step with how far it is, who must act where, and the forms of what may be done now.
import { sentence } from "./api.js";
import { here, nameOf } from "./common.js";
import { h } from "./dom.js";
import { ago, days, when } from "./time.js";

export const PARTIES = {
  brand: { name: "Brand", does: "The brand must" },
  provider: { name: "Provider", does: "The provider must" },
  meta: { name: "Meta", does: "Meta decides" },
};

export const STATUS = {
  done: { name: "Done", kind: "good", mark: "✓" },
  open: { name: "To do", kind: "turn", mark: "→" },
  "in-review": { name: "In review", kind: "wait", mark: "…" },
  "needs-attention": { name: "Needs attention", kind: "bad", mark: "!" },
  locked: { name: "Later", kind: "", mark: "" },
};

/** On which step a command is given. What is allowed on a step shows its form there. */
export const STEP_OF = {
  "sign-agreement": "SignAgreement",
  "accept-terms": "AcceptTerms",
  "submit-details": "SubmitDetails",
  "end-signup": "CompleteSignup",
  "request-account": "RequestAccount",
  "add-number": "AddNumber",
  "create-account": "CreateAccount",
  "answer-request": "ApproveRequest",
  "subscribe-app": "SubscribeApp",
  "submit-business": "VerifyBusiness",
  "request-code": "VerifyNumber",
  "enter-code": "VerifyNumber",
  register: "ActivateAccount",
  activate: "ActivateAccount",
  "complete-profile": "CompleteProfile",
  "apply-for-badge": "ObtainBadge",
  "submit-template": "AddTemplates",
};

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const mine = (party) => party === (here.isOperator ? "provider" : "brand");

/** What must happen next, by who must do it. */
export function next({ next, withdrawn_at, progress }, allowed) {
  const parties = Object.keys(PARTIES).filter((party) => next.some((action) => action.party === party));
  // What is one's own comes first.
  parties.sort((a, b) => mine(b) - mine(a));
  const card = (party) =>
    h(
      "li",
      { class: mine(party) ? "party mine" : "party", key: party },
      h("h3", {}, PARTIES[party].does, mine(party) && h("span", { class: "chip turn" }, "your turn")),
      h(
        "ul",
        {},
        next.filter((action) => action.party === party).map((action) => todo(action, allowed)),
      ),
    );
  const nothing = withdrawn_at
    ? "It was given up: nothing happens any more."
    : progress.done === progress.of
      ? "Everything is done."
      : "Nothing waits for anybody.";
  return h(
    "section",
    { class: "panel next", "aria-labelledby": "next-title" },
    h("header", {}, h("h2", { id: "next-title" }, "What must happen next")),
    h(
      "div",
      { class: "body" },
      parties.length ? h("ul", { class: "parties" }, parties.map(card)) : h("p", { class: "soft" }, nothing),
    ),
  );
}

function todo({ step, action, place, since, party }, allowed) {
  // A declined name is mended where it was submitted.
  const at = mine(party) && allowed.includes("submit-details") && step === "ApproveNumber" ? "SubmitDetails" : step;
  return h(
    "li",
    { key: step },
    h("a", { href: `#step-${at}`, onclick: goTo(at) }, capital(action)),
    h("span", { class: "soft small" }, capital(place), " · since ", ago(since)),
  );
}

/** The address keeps the onboarding, so the jump is made here. */
function goTo(step) {
  return (event) => {
    event.preventDefault();
    const place = document.getElementById(`step-${step}`);
    for (const more of place.querySelectorAll("details.again")) more.open = true;
    place.scrollIntoView({ block: "start" });
    (place.querySelector("form input, form select, form button") ?? place).focus();
  };
}

/** Every step. */
export function checklist({ items }, allowed, formOf) {
  const titles = Object.fromEntries(items.map(({ step, title }) => [step, title]));
  return h(
    "ol",
    { class: "steps" },
    items.map((item, index) => row(item, index, { titles, allowed, formOf })),
  );
}

function row(item, index, { titles, allowed, formOf }) {
  const { name, kind, mark } = STATUS[item.status];
  const kinds = allowed.filter((command) => STEP_OF[command] === item.step);
  const forms = kinds.map((command) => formOf(command));
  const again = item.status === "done" || item.status === "locked" || item.status === "in-review";
  const open = forms.length > 0 && !again;
  return h(
    "li",
    { class: open ? "step now" : "step", id: `step-${item.step}`, key: item.step, "data-status": item.status },
    h("span", { class: `dot ${kind}`, "aria-hidden": "true" }, mark || String(index + 1)),
    h(
      "div",
      { class: "about" },
      h(
        "div",
        { class: "line" },
        h("h3", {}, capital(item.title)),
        h("span", { class: `chip ${kind}` }, name),
        item.overdue && h("span", { class: "chip bad" }, "overdue"),
      ),
      item.status === "needs-attention" && trouble(item),
      facts(item, titles),
      parts(item),
      item.code &&
        h(
          "p",
          { class: "notice" },
          `A code was sent (${item.code.method}) `,
          ago(item.code.sent_at),
          "; it is good until ",
          when(item.code.expires_at),
          ".",
        ),
      again && forms.length > 0
        ? h(
            "details",
            { class: "again", key: "again" },
            h("summary", {}, AGAIN[kinds[0]] ?? "Do it again"),
            h("div", { class: "forms" }, forms),
          )
        : forms.length > 0 && h("div", { class: "forms", key: "forms" }, forms),
    ),
  );
}

const AGAIN = {
  "submit-details": "Change the details",
  "answer-request": "Answer it here",
  "submit-business": "It was handed in",
  "submit-template": "Hand in another template",
  "complete-profile": "Change the profile",
  "apply-for-badge": "Apply again",
  "create-account": "Name another account",
};

function trouble({ explanation, mends, waits_for }) {
  return h(
    "div",
    { class: "notice bad" },
    h("p", {}, sentence(explanation)),
    mends && h("p", {}, h("strong", {}, `${PARTIES[waits_for]?.name ?? "Somebody"}: `), sentence(mends)),
  );
}

function facts(item, titles) {
  const { status, acts, decides, waits_for, place, guidance, since, expected, due_by, behind } = item;
  if (status === "done") {
    const ended = item.result === "denied" ? "Denied " : "";
    return h("p", { class: "where" }, ended, ago(item.at), ` by ${actor(item.by)}`);
  }
  const who = [acts && PARTIES[acts].name, decides && `${PARTIES[decides].name} decides`].filter(Boolean).join(", ");
  const guide = h(
    "a",
    { href: guidance, rel: "noreferrer", target: "_blank" },
    "Guide",
    h("span", { class: "unseen" }, ` to: ${item.title} (opens another tab)`),
  );
  const told = [
    [waits_for ? "Waits for" : "Who", waits_for ? PARTIES[waits_for].name : who],
    since && ["Since", ago(since)],
    expected && ["Expected", days(expected)],
    due_by && ["At the latest", when(due_by)],
    ["Where", h("span", {}, capital(place), " ", guide)],
    behind && ["After", behind.map((step) => capital(titles[step] ?? step)).join("; ")],
  ];
  return h(
    "dl",
    { class: "where" },
    told
      .filter(Boolean)
      .map(([name, value]) =>
        h(
          "div",
          { key: name, class: name === "Where" || name === "After" ? "long" : null },
          h("dt", {}, name),
          h("dd", {}, value),
        ),
      ),
  );
}

function parts({ parts }) {
  if (!parts?.length) return null;
  const part = ({ part, status, since, at }) =>
    h(
      "li",
      { key: part },
      h("span", {}, capital(part)),
      h("span", { class: `chip ${STATUS[status].kind}` }, status === "done" ? "Approved" : STATUS[status].name),
      h("span", { class: "soft small" }, ago(since ?? at)),
    );
  return h("ul", { class: "halves", "aria-label": "Its two halves" }, parts.map(part));
}

function actor(by) {
  if (by === "system") return "the system";
  if (by?.admin || by?.user) return nameOf(by.admin ?? by.user);
  if (by?.operator) return here.operators.find(({ id }) => id === by.operator)?.name ?? "the provider";
  if (by?.meta) return "Meta";
  return "somebody";
}
