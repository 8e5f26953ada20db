// What both pages do (by relative addresses, so that they work under any path): fill elements with text, ask the server, and show what is wrong at its field.

export const byId = id => document.getElementById(id);

/** A new element with a text or with children. Nothing is ever read as HTML. */
export function element(name, content = [], attributes = {}) {
  const made = document.createElement(name);
  made.append(...[content].flat());
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

/** What a text field holds: a number where it looks like one, and else the text, for the server to judge. */
export function typed(text) {
  const trimmed = text.trim();
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}

/** Posts JSON to this server; returns status, text, and what the text holds if it is a JSON object. */
export async function post(path, body, key = "") {
  const headers = { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.text();
  return { ok: answer.ok, status: answer.status, reason: answer.statusText, text, json: read(text) };
}

function read(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {}; // a proxy in between may answer with a page of its own
  }
}

/** Asks for a token, with the API key that stands in the page. Status 0: nobody was asked, or nobody answered. */
export async function askForToken(path, body) {
  const key = byId("key").value;
  if (!/^[\x21-\x7e]*$/.test(key)) return failed("Authorization", "holds a space or a character beyond ASCII, which no key of this server has.");
  try {
    return await post(path, body, key);
  } catch {
    return failed("server", "does not answer. Is it still running?");
  }
}

function failed(field, problem) {
  return { ok: false, status: 0, reason: "", text: "", json: { error: { field, message: `${field}: ${problem}` } } };
}

/** Puts the message of an error at its field, and the focus into that field, which it returns; no error: clears them. */
export function showAtField(form, error, names = {}) {
  const wrong = error && ({ Authorization: "key", ...names }[error.field] ?? error.field);
  let found;
  for (const place of form.querySelectorAll(".field > .error")) {
    const field = byId(place.id.replace(/-error$/, ""));
    const message = field.id === wrong ? error.message : "";
    place.textContent = message;
    place.hidden = !message;
    field.toggleAttribute("aria-invalid", false);
    if (!message) continue;
    field.setAttribute("aria-invalid", "true");
    field.focus();
    found = field;
  }
  return found;
}
