// What stands in for Meta in the demonstration. Nothing of it is Meta's, and it says so.
import { decide } from "./api.js";
import { act, say } from "./common.js";
import { h } from "./dom.js";
import { field, input, select, send } from "./form.js";

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** The panel with what the stand-in may decide now about this onboarding. */
export function standIn(shown, id, look) {
  const { accounts, business, number, display_name: name, phone_number_id, checklist } = shown;
  const account = accounts.at(-1);
  const status = Object.fromEntries(checklist.items.map((item) => [item.step, item]));
  const waits = (step) => ["open", "in-review", "needs-attention"].includes(status[step]?.status);
  const half = (part) => status.ApproveNumber?.parts?.find((half) => half.part === part);
  const open = (part) => waits("ApproveNumber") && half(part)?.status !== "done";
  const reviewed = (decision, reason) => ({
    "name-reviewed": { account, number, name, decision, reason, phone_number_id },
  });
  const groups = [
    account &&
      business &&
      waits("ApproveRequest") && ["The provider's request", ["approve", { "request-approved": { account, business } }]],
    open("number") && [
      "The number",
      ["approve", { "account-reviewed": { account, decision: "APPROVED" } }],
      ["reject", { "account-reviewed": { account, decision: "REJECTED" } }],
    ],
    open("display name") && [
      "The display name",
      ["approve", reviewed("APPROVED")],
      ["decline", reviewed("DECLINED", "NAME_FORMAT_UNACCEPTABLE")],
    ],
    waits("VerifyBusiness") && [
      "The business",
      ["verify", verified(account, business, "verified")],
      ["fail", verified(account, business, "failed")],
    ],
    waits("ObtainBadge") && [
      "The badge",
      ["grant", { badge: { account, phone_number_id, granted: true } }],
      ["deny", { badge: { account, phone_number_id, granted: false } }],
    ],
  ].filter(Boolean);
  const told = async (text) => {
    // The delivery is read a moment after it was taken.
    say(text);
    for (const ms of [150, 500]) {
      await new Promise((done) => setTimeout(done, ms));
      await look();
    }
  };
  const template = account && waits("AddTemplates");
  return h(
    "aside",
    { class: "stand-in", "aria-labelledby": "stand-in-title" },
    h("h2", { id: "stand-in-title" }, "Stand-in for Meta – not Meta"),
    h(
      "p",
      { class: "small" },
      "Decide here what Meta would. It is delivered as Meta delivers, signed, to this service's webhook.",
    ),
    h("p", { class: "small" }, "The code it sends is always ", h("strong", { class: "figure" }, "123830"), "."),
    groups.map((group) => decisions(group, told)),
    template && templateForm(account, id, told),
    groups.length === 0 && !template && h("p", { class: "small nothing" }, "Nothing waits for Meta now."),
  );
}

const verified = (account, business, status) => ({ "business-verified": { account, business, status } });

function decisions([what, ...choices], told) {
  const button = ([word, decision], index) =>
    h(
      "button",
      {
        key: word,
        class: index ? "quiet" : "play",
        "aria-label": `${capital(word)} ${what.charAt(0).toLowerCase()}${what.slice(1)}`,
        onclick: (event) =>
          act(event.currentTarget, async () => {
            await decide(decision);
            await told(`The stand-in decided: ${what.toLowerCase()}, ${word}.`);
          }),
      },
      capital(word),
    );
  return h(
    "div",
    { class: "decision", key: what, role: "group", "aria-label": what },
    h("h3", {}, what),
    h("div", { class: "actions" }, choices.map(button)),
  );
}

/** Meta decides on a template by its name: the one that was handed in here last is filled in. */
function templateForm(account, id, told) {
  const last = JSON.parse(sessionStorage.getItem(`template ${id}`) ?? "null") ?? {
    name: "loaf_ready",
    language: "en_US",
  };
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    return send(form, async () => {
      const { name, language, event: what } = Object.fromEntries(new FormData(form));
      await decide({
        template: { account, name, language, event: what, reason: what === "REJECTED" ? "INVALID_FORMAT" : null },
      });
      await told(`The stand-in decided: template ${name}, ${what.toLowerCase()}.`);
    });
  };
  return h(
    "form",
    {
      class: "decision",
      keep: `template ${id} ${last.name} ${last.language}`,
      onsubmit: submit,
      novalidate: true,
      "aria-label": "A template",
    },
    h("h3", {}, "A template"),
    field({ label: "Name", control: input("name", { value: last.name }) }),
    field({ label: "Language", control: input("language", { value: last.language }) }),
    field({
      label: "Meta says",
      control: select("event", [
        ["APPROVED", "approved"],
        ["REJECTED", "rejected"],
      ]),
    }),
    h("div", { class: "actions" }, h("button", { class: "play" }, "Decide on the template")),
  );
}
