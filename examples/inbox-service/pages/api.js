// Calls of the server. Every write has an Idempotency-Key, and has the same one when it is made again.

/** What the server answered instead: a problem of RFC 9457, with a sentence in `message`. */
export class Problem extends Error {
  constructor(status, body) {
    super(sentence(body.detail || body.title || `The server answered ${status}.`));
    this.status = status;
    this.code = body.code || "";
    this.errors = body.errors || [];
  }
}

// Nobody knows whether these were done: whoever asks for the same again asks with the same key.
const unsettled = new Map();
const TRIES = 3;
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

export async function api(path, { method = "GET", body, version } = {}) {
  const headers = { Accept: "application/json" };
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const write = method !== "GET";
  const what = `${method} ${path} ${version ?? ""} ${sent ?? ""}`;
  if (sent !== undefined) headers["Content-Type"] = "application/json";
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (write) {
    if (!unsettled.has(what)) unsettled.set(what, crypto.randomUUID());
    headers["Idempotency-Key"] = unsettled.get(what);
  }
  for (let tried = 1; ; tried += 1) {
    const answer = await call(path, { method, headers, body: sent });
    // From the service, or from a proxy before it that does not know what became of the request.
    const unknown = answer.status === 0 || answer.status === 408 || answer.status >= 500;
    if (unknown && tried < TRIES) {
      await pause(tried / 2);
      continue;
    }
    if (!unknown) unsettled.delete(what);
    if (answer.ok) return answer.json;
    throw new Problem(answer.status, answer.json ?? {});
  }
}

async function call(path, request) {
  try {
    const response = await fetch(path, { ...request, credentials: "same-origin" });
    const text = await response.text();
    let json = null;
    try {
      json = text ? JSON.parse(text) : null;
    } catch {
      json = { detail: text.slice(0, 200) };
    }
    return { ok: response.ok, status: response.status, json };
  } catch {
    return {
      ok: false,
      status: 0,
      json: { detail: "The service does not answer. What you typed is still here: try again." },
    };
  }
}

/** What Meta decides, at the stand-in. It answers in Meta's way, not in ours. */
export async function decide(decision) {
  const answer = await call("/graph-stand-in/decide", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(decision),
  });
  if (!answer.ok) throw new Problem(answer.status, { detail: answer.json?.error?.message });
}

/** As people write it: a capital, a full stop, and times in their own clock. */
export function sentence(text) {
  const told = text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (at) => absolute(at));
  const whole = /[.!?]$/.test(told) ? told : `${told}.`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

const DATE_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** A date and a time, where and as people read them. */
export function absolute(instant) {
  return DATE_TIME.format(new Date(instant));
}
