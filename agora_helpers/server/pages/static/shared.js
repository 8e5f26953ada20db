// Shared by all pages: create elements, send requests to the server, and show an error at its field.
// All addresses are relative, so that the pages work under any path.

export const byId = id => document.getElementById(id);

/** Creates an element with text or children. Nothing is ever parsed as HTML. */
export function element(name, content = [], attributes = {}) {
  const created = document.createElement(name);
  created.append(...[content].flat());
  for (const [attribute, value] of Object.entries(attributes)) created.setAttribute(attribute, value);
  return created;
}

/** Reads the value of an input: a number if it looks like one, else the string, for the server to validate. */
export function typed(text) {
  const trimmed = text.trim();
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : trimmed;
}

/** Posts JSON to this server. Returns status, text, and the text as a JSON object ({} if it is none). */
export async function post(path, body, key = "") {
  const headers = { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await response.text();
  return { ok: response.ok, status: response.status, reason: response.statusText, text, json: read(text) };
}

function read(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {}; // a proxy may respond with a page of its own
  }
}

/** Posts JSON to this server with the API key in the page. Status 0: nothing was sent, or there was no response. */
export async function postWithKey(path, body) {
  const key = byId("key")?.value ?? "";
  if (!/^[\x21-\x7e]*$/.test(key)) return failed("Authorization", "contains a space or a non-ASCII character. No key of this server does.");
  try {
    return await post(path, body, key);
  } catch {
    return failed("server", "does not respond. Is it still running?");
  }
}

/** Asks the server to explain something, with the API key in the page. Returns {} if there is no response. */
export async function explain(path, question) {
  try {
    return (await post(path, question, byId("key").value)).json;
  } catch {
    return {};
  }
}

function failed(field, problem) {
  return { ok: false, status: 0, reason: "", text: "", json: { error: { field, message: `${field}: ${problem}` } } };
}

/** Shows an error at its field, moves the focus there, and returns the field. Without an error it clears all messages. */
export function showAtField(form, error, names = {}) {
  const wrongId = error && ({ Authorization: "key", ...names }[error.field] ?? error.field);
  let wrongField;
  for (const paragraph of form.querySelectorAll(".field > .error")) {
    const field = byId(paragraph.id.replace(/-error$/, ""));
    const message = field.id === wrongId ? error.message : "";
    paragraph.textContent = message;
    paragraph.hidden = !message;
    field.toggleAttribute("aria-invalid", false);
    if (!message) continue;
    field.setAttribute("aria-invalid", "true");
    field.focus();
    wrongField = field;
  }
  return wrongField;
}
