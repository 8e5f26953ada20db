// The practice project on the client page: what it accepts, what the client joins with, and the reasons for its response.

import { byId, element, post } from "../pages/shared.js";
import { log, ownClient, start } from "../pages/client.js";

const mechanisms = [...document.querySelectorAll("[name=mechanism]")];
let requested = false; // whether the SDK has sent a request to the access point since the client started
let change; // the last change of the project, until the server has confirmed it
let admitted; // the SDK's client that was admitted

document.addEventListener("practice-requested", () => { requested = true; });

document.addEventListener("practice-admitted", async ({ detail }) => {
  if (admitted === globalThis.agoraClient) return; // without a media server the SDK keeps retrying
  admitted = globalThis.agoraClient;
  log([
    element("strong", "Admitted."),
    element("p", ["Agora's SDK was admitted and opens a WebSocket to the media server, ", element("code", detail), ". It leads to a model of one on this server."]),
    expiryButtons(),
  ], "right");
  await logReasons().catch(logGone);
});

/** Returns buttons for the events with which Agora's SDK announces that a token expires. */
function expiryButtons() {
  const button = (label, event) => {
    const control = element("button", label, { type: "button", class: "small" });
    control.onclick = () => globalThis.agoraClient.emit(event);
    return control;
  };
  return element("div", [
    button("Let the token expire soon", "token-privilege-will-expire"),
    button("Let the token expire", "token-privilege-did-expire"),
  ], { class: "buttons" });
}

/** Logs what is wrong with the token, as the project sees it. */
async function logReasons() {
  const { admission } = await (await fetch("practice")).json();
  if (!admission) return;
  const parts = admission.reasons.map(({ title, detail, hint }) => element("p", [element("strong", title), element("br"), `${detail} ${hint}`]));
  if (!admission.documented) parts.push(element("p", "Agora does not document its response in this case. This one is an assumption of the model.", { class: "hint" }));
  if (parts.length) log([element("p", "The practice project's reasons:"), ...parts]);
}

function logGone() {
  log("The server does not respond. Is it still running?", "wrong");
}

/** Returns what one of the clients of lesson 01 joins with. */
async function playedClient() {
  const { json } = await post("practice/client", { client: byId("joins-with").value });
  return { ...json, body: { channel: json.channel, uid: json.uid } };
}

async function tryToJoin() {
  await change;
  requested = false;
  admitted = undefined;
  const joined = await start(byId("joins-with").value ? playedClient : ownClient);
  if (!joined && requested && !admitted) await logReasons();
}

async function showProject() {
  const { mechanism } = await (await fetch("practice")).json();
  byId(`mechanism-${mechanism}`).checked = true;
}

function showClient() {
  byId("fields").hidden = byId("joins-with").value !== "";
  byId("played").textContent = byId("joins-with").value ? "This client joins lobby as uid 7, as in lesson 01." : "";
}

for (const mechanism of mechanisms) {
  mechanism.addEventListener("change", () => {
    change = post("practice/project", { mechanism: mechanism.value }).catch(logGone);
  });
}
byId("joins-with").addEventListener("change", showClient);
document.addEventListener("submit", event => {
  event.preventDefault();
  event.stopImmediatePropagation();
  tryToJoin().catch(logGone);
}, { capture: true });
showProject().catch(logGone);
showClient();
