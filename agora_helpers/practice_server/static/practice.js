// The practice project on the client page: what it accepts, what the client brings, and why it answered as it did.

import { byId, element, post } from "../pages/shared.js";
import { ownClient, say, start } from "../pages/client.js";

const mechanisms = [...document.querySelectorAll("[name=mechanism]")];
let asked = false; // has the SDK asked the access point since the client started?
let changed; // the project's last change, on its way
let admitted; // the SDK's client that was let in

document.addEventListener("practice-asked", () => { asked = true; });

document.addEventListener("practice-admitted", async ({ detail }) => {
  if (admitted === globalThis.agoraClient) return; // finding nobody there, the SDK tries again and again
  admitted = globalThis.agoraClient;
  say([
    element("strong", "Admitted."),
    element("p", ["Agora's SDK was let in and opens a WebSocket to the media server, ", element("code", detail), ". Practice ends here: there is no media server."]),
    expiryButtons(),
  ], "right");
  await sayWhy().catch(sayGone);
});

/** The events with which Agora's SDK announces a token's end, at the press of a button. */
function expiryButtons() {
  const button = (label, event) => {
    const made = element("button", label, { type: "button", class: "small" });
    made.onclick = () => globalThis.agoraClient.emit(event);
    return made;
  };
  return element("div", [
    button("Let the token be about to end", "token-privilege-will-expire"),
    button("Let the token end", "token-privilege-did-expire"),
  ], { class: "buttons" });
}

/** What the project found in the token. */
async function sayWhy() {
  const { answer } = await (await fetch("practice")).json();
  if (!answer) return;
  const parts = answer.reasons.map(({ title, detail, hint }) => element("p", [element("strong", title), element("br"), `${detail} ${hint}`]));
  if (!answer.documented) parts.push(element("p", "Which answer Agora gives here is not documented: this one is modelled.", { class: "hint" }));
  if (parts.length) say([element("p", "What the practice project found:"), ...parts]);
}

function sayGone() {
  say("The server does not answer. Is it still running?", "wrong");
}

/** One of the clients of lesson 01. */
async function playedClient() {
  const { json } = await post("practice/client", { client: byId("brings").value });
  return { ...json, body: { channel: json.channel, uid: json.uid } };
}

async function tryToJoin() {
  await changed;
  asked = false;
  admitted = undefined;
  const joined = await start(byId("brings").value ? playedClient : ownClient);
  if (!joined && asked && !admitted) await sayWhy();
}

async function showProject() {
  const { mechanism } = await (await fetch("practice")).json();
  byId(`mechanism-${mechanism}`).checked = true;
}

function showClient() {
  byId("fields").hidden = byId("brings").value !== "";
  byId("played").textContent = byId("brings").value ? "This client joins lobby as uid 7, as in lesson 01." : "";
}

for (const mechanism of mechanisms) {
  mechanism.addEventListener("change", () => {
    changed = post("practice/project", { mechanism: mechanism.value }).catch(sayGone);
  });
}
byId("brings").addEventListener("change", showClient);
document.addEventListener("submit", event => {
  event.preventDefault();
  event.stopImmediatePropagation();
  tryToJoin().catch(sayGone);
}, { capture: true });
showProject().catch(sayGone);
showClient();
