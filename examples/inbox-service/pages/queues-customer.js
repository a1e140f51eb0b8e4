// The demonstration's customer, who writes by way of the stand-in.
import { decide } from "./api.js";
import { say } from "./common.js";
import { h } from "./dom.js";
import { field, input, send } from "./form.js";

export function customerForm(line, conversations, look) {
  const known = conversations.map(({ conversation: { customer } }) => customer).filter(Boolean);
  const from = input("from", { type: "tel", value: "+49 151 00000099", list: "customers" });
  const name = input("name", { value: "Nele Petersen" });
  // Whoever is known by the number is named.
  from.oninput = () => {
    const found = known.find(({ number }) => number === from.value.replaceAll(" ", ""));
    if (found) name.value = found.name;
  };
  const text = h("textarea", { name: "text", rows: 2 });
  const submit = (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    return send(form, async () => {
      const { account, number, phone_number: phone_number_id } = line;
      await decide({
        "customer-writes": { account, phone_number_id, number, from: from.value, name: name.value, text: text.value },
      });
      text.value = "";
      say("The stand-in has delivered it.");
      for (const ms of [200, 600]) {
        await new Promise((done) => setTimeout(done, ms));
        await look();
      }
    });
  };
  return h(
    "details",
    { class: "stand-in", key: "customer" },
    h("summary", {}, "Stand-in for Meta – not Meta: write as a customer"),
    h(
      "form",
      {
        class: "fields",
        keep: `customer ${line.phone_number} ${known.length}`,
        onsubmit: submit,
        novalidate: true,
        "aria-label": "Write as a customer",
      },
      field({ label: "The customer's number", control: from }),
      h(
        "datalist",
        { id: "customers" },
        known.map(({ number, name }) => h("option", { value: number }, name)),
      ),
      field({ label: "Name", control: name }),
      field({ label: "Text", control: text, wide: true }),
      h("div", { class: "actions" }, h("button", { class: "play" }, "Write as this customer")),
    ),
  );
}
