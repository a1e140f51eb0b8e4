// The forms of what brand and provider do in an onboarding. Each is kept while somebody types in it.
import { api } from "./api.js";
import { h, newId } from "./dom.js";
import { field, input, select, send } from "./form.js";
import { account, CODE, demo, details, granted, grants, ids, profile, told, values } from "./onboarding-fields.js";
import { STEP_OF } from "./onboarding-steps.js";

// A form that was taken makes room for a new one.
const taken = new Map();

/** What a form asks for: its title, its button, its fields, and the command that they make. */
const FORMS = {
  "sign-agreement": {
    title: "Sign the provider's agreement",
    button: "Sign",
    fields: () => [
      field({
        label: "Which text is signed",
        help: "Its address or its version.",
        pointer: "/sign-agreement/text",
        control: input("text", { value: "agreement 2026-01" }),
        wide: true,
      }),
    ],
    said: "The agreement is signed.",
  },
  "accept-terms": {
    title: "Accept WhatsApp's business terms",
    button: "Accept",
    fields: () => [
      field({
        label: "Which text is accepted",
        help: "Its address or its version.",
        pointer: "/accept-terms/text",
        control: input("text", { value: "https://www.whatsapp.com/legal/business-terms" }),
        wide: true,
      }),
    ],
    said: "The terms are accepted.",
  },
  "submit-details": {
    title: "Submit number, business and name",
    button: "Submit the details",
    fields: ({ number, business, display_name }) => details({ number, business, display_name }),
    command: ({ ivr, ...values }) => (values.line === "land-line" ? { ...values, ivr } : values),
    said: "The details are handed in.",
  },
  "create-account": {
    title: "Tell which account was created at Meta",
    button: "The account is created",
    fields: () => ids("create-account"),
    said: "The brand is asked to approve the account.",
  },
  "add-number": {
    title: "Tell which number stands in the account",
    button: "The number is added",
    fields: ({ accounts }) => ids("add-number", accounts.at(-1)),
    said: "The number stands in the account.",
  },
  "subscribe-app": {
    title: "Subscribe the app",
    button: "The app is subscribed",
    fields: ({ accounts }) => [account("subscribe-app", accounts.at(-1))],
    said: "Deliveries come.",
  },
  "request-account": {
    title: "Tell which account was asked for",
    button: "The brand was asked",
    fields: () => [account("request-account")],
    said: "The brand was asked.",
  },
  "end-signup": {
    title: "Tell how the embedded signup ended",
    button: "The signup is done",
    fields: () => [
      ...ids("end-signup"),
      h(
        "p",
        { class: "help wide" },
        "Meta's window tells both at its end. Leave the number's id away where it was not added.",
      ),
    ],
    command: ({ account, phone_number_id }) => ({
      completed: {
        account,
        number: phone_number_id
          ? { phone_number: phone_number_id, origin: "brand", verification: "NOT_VERIFIED" }
          : null,
      },
    }),
    said: "The signup has ended.",
  },
  "answer-request": {
    title: "Tell how the request was answered",
    button: "Tell it",
    fields: () => [
      field({
        label: "In the Business Manager it was",
        pointer: "/answer-request",
        control: select("answer", [
          ["approved", "approved"],
          ["declined", "declined"],
        ]),
      }),
    ],
    command: ({ answer }) => answer,
    said: "The answer is noted.",
  },
  "submit-business": {
    title: "Hand in the business",
    button: "It was handed in at Meta",
    fields: () => [],
    said: "Meta looks at the business.",
  },
  "request-code": {
    title: "Ask for a code",
    button: "Send the code",
    fields: () => [
      field({
        label: "How it comes to the number",
        pointer: "/request-code/method",
        control: select("method", [
          ["SMS", "By text message"],
          ["VOICE", "By a call"],
        ]),
      }),
    ],
    said: "Meta is asked to send a code.",
  },
  "enter-code": {
    title: "Enter the code",
    button: "Enter",
    fields: () => [
      field({
        label: "The six digits",
        help: demo(`In the demonstration the right code is ${CODE}.`),
        pointer: "/enter-code/code",
        control: input("code", { inputmode: "numeric", autocomplete: "one-time-code", maxlength: 12, class: "digits" }),
      }),
    ],
    said: "The code was entered.",
  },
  register: {
    title: "Register the number",
    button: "Register",
    fields: () => [
      field({
        label: "The number's PIN of six digits",
        help: demo("In the demonstration every PIN is right but 000000."),
        pointer: "/register/pin",
        control: input("pin", { type: "password", inputmode: "numeric", maxlength: 12, class: "digits" }),
      }),
    ],
    said: "The number was registered.",
  },
  activate: {
    title: "Activate the account",
    button: "Activate",
    fields: () => grants(),
    command: (_, form) => ({ grants: granted(form) }),
    said: "The channel is live.",
  },
  "complete-profile": {
    title: "Complete the business profile",
    button: "Save the profile",
    fields: () => profile(),
    command: told,
    said: "The profile is complete.",
  },
  "apply-for-badge": {
    title: "Apply for the badge",
    button: "The badge was applied for",
    fields: () => [],
    said: "Meta looks at it.",
  },
  "submit-template": {
    title: "Hand in a message template",
    button: "Hand in",
    fields: () => [
      field({
        label: "Name",
        help: "Small letters, digits, underscores.",
        pointer: "/submit-template",
        control: input("name", { value: "order_ready" }),
      }),
      field({
        label: "Language",
        help: "Such as en_US.",
        pointer: "/submit-template/language",
        control: input("language", { value: "en_US" }),
      }),
    ],
    said: "Meta looks at the template.",
  },
  withdraw: {
    title: "Give the onboarding up",
    button: "Withdraw",
    danger: "It is given up for good. Withdraw?",
    fields: () => [],
    said: "The onboarding is withdrawn.",
  },
  "release-number": {
    title: "Give the number free",
    button: "Release the number",
    danger: "Another onboarding may claim it then. Release it?",
    fields: () => [],
    said: "The number is free.",
  },
};

/** The form of a kind of command, or nothing where people do not give it. */
export function formOf(kind, shown, id, done) {
  const asked = FORMS[kind];
  if (!asked) return null;
  const name = `${kind} ${id}`;
  const keep = `${name} ${taken.get(name) ?? 0}`;
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (asked.danger && !form.dataset.sure) return sure(form, asked.danger);
    return send(form, async () => {
      const answer = await api(`/api/onboardings/${id}/commands`, { method: "POST", body: bodyOf(kind, asked, form) });
      taken.set(name, (taken.get(name) ?? 0) + 1);
      if (kind === "submit-template") sessionStorage.setItem(`template ${id}`, JSON.stringify(values(form)));
      await done(CAME_TO[answer.events.at(-1)] ?? asked.said, STEP_OF[kind]);
    });
  };
  const fields = asked.fields(shown);
  return h(
    "form",
    {
      class: asked.danger ? "fields slim" : "fields",
      keep,
      onsubmit: submit,
      novalidate: true,
      "aria-label": asked.title,
    },
    fields,
    h("div", { class: "actions" }, h("button", { class: asked.danger ? "danger" : "primary" }, asked.button)),
  );
}

const CAME_TO = {
  "code-rejected": "That was not the right code.",
  "code-wrong": "That was not the right code.",
  "code-entered-wrong": "That was not the right code.",
  "registration-failed": "Meta refused to register the number.",
};

/** What cannot be undone is asked twice, without a window of the browser's. */
function sure(form, text) {
  form.dataset.sure = "yes";
  const told = h("p", { class: "notice bad wide", role: "alert" }, text);
  const no = () => {
    delete form.dataset.sure;
    told.remove();
    cancel.remove();
    form.querySelector("button").focus();
  };
  const cancel = h("button", { type: "button", class: "quiet", onclick: no }, "Keep it");
  form.prepend(told);
  form.querySelector(".actions").append(cancel);
}

function bodyOf(kind, asked, form) {
  const given = values(form);
  if (asked.command) return { [kind]: asked.command(given, form) };
  return Object.keys(given).length ? { [kind]: given } : kind;
}

/** The form that begins an onboarding. */
export function startForm(keep, begun) {
  const check = (name, text) => {
    const id = newId("attest");
    return h(
      "div",
      { class: "field wide" },
      h(
        "label",
        { class: "choice" },
        h("input", { type: "checkbox", name, id, "data-pointer": `/${name}` }),
        h("span", {}, text),
      ),
      h("p", { class: "fault", id: `${id}-fault`, hidden: true }),
    );
  };
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { plan, business_manager, security_center } = values(form);
    const attest = (given) => (given ? "given" : "missing");
    return send(form, async () => {
      const body = { plan, business_manager: attest(business_manager), security_center: attest(security_center) };
      const { id } = await api("/api/onboardings", { method: "POST", body });
      await begun(id);
    });
  };
  return h(
    "form",
    { class: "fields", keep, onsubmit: submit, novalidate: true, "aria-label": "Start a new onboarding" },
    field({
      label: "Which way it goes",
      control: select("plan", [
        ["walkthrough", "The provider creates the account"],
        ["embedded-signup", "Meta's embedded signup"],
        ["partner-initiated", "The provider asks first"],
      ]),
      wide: true,
    }),
    check("business_manager", "We have access to our Business Manager at Meta."),
    check("security_center", "We have access to its Security Center."),
    h("div", { class: "actions" }, h("button", { class: "primary" }, "Start")),
  );
}
