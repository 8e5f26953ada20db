// Sends a token request, and shows the response, its token and the same request as code.

import { byId, element, explain, postWithKey, showAtField, typed } from "./shared.js";

const form = document.querySelector("form");
const fields = [...form.querySelectorAll("[data-for]")];
let last = 0; // number of the last request: only its response is shown

function showFields() {
  for (const field of fields) field.hidden = !field.dataset.for.split(" ").includes(byId("path").value);
}

/** Reads the request from the controls that have a name. Hidden and empty ones are left out. */
function request() {
  const body = {};
  for (const control of form.querySelectorAll("[name]")) {
    const { name } = control;
    if (control.closest(".field").hidden) continue;
    if (control.type === "checkbox") body[name] = control.checked;
    else if (control.inputMode === "numeric" ? control.value.trim() : control.value) {
      body[name] = control.inputMode === "numeric" ? typed(control.value) : control.value;
    }
  }
  return body;
}

async function send(event) {
  event.preventDefault();
  const turn = ++last;
  const path = byId("path").value;
  const body = request();
  const withKey = byId("key").value !== "";
  show("status", "Sending …");
  const response = await postWithKey(path.slice(1), body);
  if (turn !== last) return;
  const { token, error } = response.json;
  const wrongField = showAtField(form, error);
  const outcome = response.ok ? "a token" : wrongField ? `see ${error.field}` : (error?.message ?? "no token");
  show("status", response.status ? `${response.status} ${response.reason}: ${outcome}` : outcome);
  byId("status").className = `status ${response.ok ? "right" : "wrong"}`;
  byId("answer").hidden = !response.status;
  show("sent", `POST ${path}\n${withKey ? "Authorization: Bearer …\n" : ""}Content-Type: application/json\n\n${JSON.stringify(body, null, 2)}`);
  show("reply", Object.keys(response.json).length ? JSON.stringify(response.json, null, 2) : response.text);
  byId("copy-token").hidden = !token;
  show("copy-token", "Copy the token");
  byId("copy-token").onclick = () => copy(byId("copy-token"), token);
  byId("explained").replaceChildren();
  if (!wrongField) byId("status").scrollIntoView({ block: "nearest" });
  if ([0, 401, 429].includes(response.status)) return; // without a response or without access there is nothing to explain
  const question = { server: new URL(".", location.href).href.slice(0, -1), path, body, withKey, ...(token && { token }) };
  const { fields: rows, calls } = await explain("try/explain", question);
  if (turn === last) byId("explained").replaceChildren(...tokenFields(rows), ...callList(calls, withKey));
}

function show(id, text) {
  byId(id).textContent = text;
}

function tokenFields(rows) {
  if (!rows) return [];
  const lines = rows.map(([name, value, meaning]) =>
    element("div", [element("dt", name), element("dd", element("code", value)), ...(meaning ? [element("dd", meaning)] : [])]));
  const note = element("p", "Anyone can read it: a token is signed, not encrypted.", { class: "hint" });
  return [element("h3", "What the token contains"), note, element("dl", lines)];
}

function callList(calls, withKey) {
  if (!calls) return [];
  const parts = [element("h3", "The same request as code")];
  if (withKey) parts.push(element("p", "API_KEY stands for your key, which is not shown here.", { class: "hint" }));
  for (const [language, call] of Object.entries(calls)) {
    const button = element("button", "Copy", { type: "button", class: "small", "aria-label": `Copy the ${language} call` });
    button.onclick = () => copy(button, call);
    parts.push(element("div", [element("h4", language), button], { class: "titled" }), element("pre", call));
  }
  return parts;
}

async function copy(button, text) {
  let outcome = "Copied";
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    outcome = "The browser does not allow it";
  }
  button.textContent = outcome;
  show("copied", outcome);
}

byId("path").addEventListener("change", showFields);
form.addEventListener("submit", send);
showFields();
