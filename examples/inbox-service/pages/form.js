// Fields with their label, their help and their faults.
import { Problem, sentence } from "./api.js";
import { say } from "./common.js";
import { h, newId } from "./dom.js";

/** A labelled control. `pointer` is where its faults are told, as a JSON pointer. */
export function field({ label, control, pointer, help, wide }) {
  const id = control.id || newId("field");
  control.id = id;
  if (pointer) control.dataset.pointer = pointer;
  const parts = [h("label", { for: id }, label), control];
  if (help) {
    parts.splice(1, 0, h("p", { class: "help", id: `${id}-help` }, help));
    control.setAttribute("aria-describedby", `${id}-help`);
  }
  return h(
    "div",
    { class: wide ? "field wide" : "field" },
    ...parts,
    h("p", { class: "fault", id: `${id}-fault`, hidden: true }),
  );
}

export function input(name, props = {}) {
  return h("input", { name, type: "text", autocomplete: "off", ...props });
}

export function select(name, options, props = {}) {
  return h(
    "select",
    { name, ...props },
    options.map(([value, text]) => h("option", { value }, text)),
  );
}

/** Takes every fault from a form. */
export function clearFaults(form) {
  for (const control of form.querySelectorAll("[aria-invalid]")) unmark(control);
  for (const place of form.querySelectorAll(".form-fault")) place.remove();
}

function unmark(control) {
  control.removeAttribute("aria-invalid");
  const fault = document.getElementById(`${control.id}-fault`);
  if (!fault) return;
  fault.hidden = true;
  fault.textContent = "";
  describe(control, (ids) => ids.filter((id) => id !== fault.id));
}

function describe(control, change) {
  const ids = change((control.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) control.setAttribute("aria-describedby", ids.join(" "));
  else control.removeAttribute("aria-describedby");
}

/** Tells a fault at a control. */
export function mark(control, message) {
  const fault = document.getElementById(`${control.id}-fault`);
  control.setAttribute("aria-invalid", "true");
  if (!fault) return;
  fault.textContent = sentence(message);
  fault.hidden = false;
  describe(control, (ids) => (ids.includes(fault.id) ? ids : [...ids, fault.id]));
}

/** The control that a pointer means: the one with it, or the one that holds it. */
export function controlAt(form, pointer) {
  for (let at = pointer; at; at = at.slice(0, at.lastIndexOf("/"))) {
    const found = form.querySelector(`[data-pointer="${CSS.escape(at)}"]`);
    if (found) return found;
  }
  return null;
}

/** Tells the faults of a problem, each at its field, and what is at none above the form. Focus goes to the first. */
export function showFaults(form, problem, { focus = true } = {}) {
  clearFaults(form);
  const loose = [];
  let first = null;
  for (const { pointer, message } of problem.errors) {
    const control = controlAt(form, pointer);
    if (control) mark(control, message);
    else loose.push(sentence(message));
    first ??= control;
  }
  if (!problem.errors.length) loose.push(problem.message);
  if (loose.length) {
    const told = h("p", { class: "form-fault", role: "alert", tabindex: "-1" }, loose.join(" "));
    form.prepend(told);
    first ??= told;
  }
  if (focus) first?.focus();
  if (focus && problem.errors.length) say(problem.message, "bad");
}

/** Sends a form: its faults come back to its fields. True when it was taken. */
export async function send(form, work) {
  const button = form.querySelector("button[type=submit], button:not([type])");
  if (button?.getAttribute("aria-busy") === "true") return false;
  button?.setAttribute("aria-busy", "true");
  clearFaults(form);
  try {
    await work();
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    showFaults(form, problem);
    return false;
  } finally {
    button?.removeAttribute("aria-busy");
  }
}
