// The fields that the forms of an onboarding are made of, and what they make of what was typed.
import { here } from "./common.js";
import { h, newId } from "./dom.js";
import { field, input, select } from "./form.js";

export const CODE = "123830";
export const demo = (text) => (here.demonstration ? text : null);

export const values = (form) => Object.fromEntries(new FormData(form));

/** What was filled in; what was not is not told. */
export function told({ website, ...given }) {
  const filled = Object.fromEntries(Object.entries(given).filter(([, text]) => text.trim() !== ""));
  return website.trim() === "" ? filled : { ...filled, websites: [website] };
}

export const account = (kind, value = "") =>
  field({
    label: "The account's id",
    help: demo("In the demonstration any number with 5 to 20 digits."),
    pointer: `/${kind}/account`,
    control: input("account", { inputmode: "numeric", value }),
  });

export const ids = (kind, value) => [
  account(kind, value),
  field({
    label: "The number's id in it",
    help: demo("The same: any that is not used yet."),
    pointer: `/${kind}/phone_number_id`,
    control: input("phone_number_id", { inputmode: "numeric" }),
  }),
];

export function details({ number, business, display_name }) {
  const ivr = field({
    label: "Its voice menu",
    help: "A code is told by a call, and a menu must not be in its way.",
    pointer: "/submit-details/ivr",
    control: select("ivr", [
      ["absent", "There is none"],
      ["can-be-switched-off", "It can be switched off"],
      ["cannot-be-switched-off", "It cannot be switched off"],
    ]),
  });
  ivr.hidden = true;
  const line = select(
    "line",
    [
      ["mobile", "Mobile"],
      ["land-line", "Land line"],
    ],
    {
      onchange: () => {
        ivr.hidden = line.value !== "land-line";
      },
    },
  );
  return [
    field({
      label: "Phone number",
      help: "With its country code: +49 40 12345678.",
      pointer: "/submit-details/phone_number",
      control: input("phone_number", { type: "tel", value: number ?? "" }),
    }),
    field({ label: "Line", help: "On which the code comes.", pointer: "/submit-details/line", control: line }),
    ivr,
    field({
      label: "Business manager id",
      help: "Business Settings › Business Info.",
      pointer: "/submit-details/business_manager_id",
      control: input("business_manager_id", { inputmode: "numeric", value: business ?? "" }),
    }),
    field({
      label: "Display name",
      help: "As customers are to see it.",
      pointer: "/submit-details/display_name",
      control: input("display_name", { value: display_name ?? "" }),
    }),
  ];
}

export function profile() {
  const text = (name, label, help) => field({ label, help, pointer: `/complete-profile/${name}`, control: input(name) });
  return [
    text("about", "About", "The line under the name."),
    text("logo", "Logo", "A reference to the picture; it is needed."),
    field({
      label: "Description",
      pointer: "/complete-profile/description",
      control: h("textarea", { name: "description", rows: 2 }),
      wide: true,
    }),
    text("address", "Address"),
    text("email", "E-mail"),
    field({ label: "Website", pointer: "/complete-profile/websites", control: input("website", { type: "url" }) }),
    text("vertical", "Line of business", "One of Meta's list, such as RETAIL."),
  ];
}

/** Who has access at once. An operator does not know the brand's teams by name and gives it to all users, or to all teams. */
export function grants() {
  const role = select(
    "all_users",
    [
      ["", "No access"],
      ["viewer", "Viewer"],
      ["contributor", "Contributor"],
      ["supervisor", "Supervisor"],
    ],
    { value: "contributor" },
  );
  const id = newId("teams");
  return [
    field({
      label: "All users are",
      help: "Who has access as soon as the channel opens.",
      pointer: "/activate/grants",
      control: role,
    }),
    h(
      "div",
      { class: "field" },
      h("label", { for: id }, "All teams"),
      h("p", { class: "help" }, "Every member with the role in their team."),
      h("label", { class: "choice" }, h("input", { type: "checkbox", name: "all_teams", id }), "have access"),
    ),
  ];
}

export function granted(form) {
  const { all_users: role, all_teams: teams } = values(form);
  return [...(role ? [{ "all-users": role }] : []), ...(teams ? ["all-teams"] : [])];
}
