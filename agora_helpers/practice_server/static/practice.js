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
  if (!byId("renews").checked) forget(admitted);
  log([
    element("strong", "Admitted."),
    element("p", ["Agora's SDK was admitted and opens a WebSocket to the media server, ", element("code", detail), ". It leads to a model of one on this server."]),
  ], "right");
  await logReasons().catch(logGone);
});

/** Replaces the page's own handlers by ones that only log the events of Agora's SDK: a client that forgets to renew. */
function forget(client) {
  for (const [event, then] of [
    ["token-privilege-will-expire", "This client ignores it."],
    ["token-privilege-did-expire", "The client is out, and has to join again with a new token."],
  ]) {
    client.removeAllListeners(event);
    client.on(event, () => log([element("strong", "Agora's SDK fires "), element("code", event), `. ${then}`], "wrong"));
  }
}

let ends; // when the token of the client in the channel ends, as Unix time
let now; // of the practice project's clock

async function showClock() {
  const state = await (await fetch("practice")).json();
  now = state.now;
  ends = state.sessions.findLast(session => session.state === "in")?.endsAt;
  byId("time").textContent = new Date(now * 1000).toLocaleTimeString();
  byId("ends").textContent = ends ? `The token in the channel ends at ${new Date(ends * 1000).toLocaleTimeString()}.` : "No client with a token is in the channel.";
  byId("to-warning").disabled = !ends || ends - now <= 35;
  byId("to-end").disabled = !ends;
}

async function advance(seconds) {
  if (seconds > 0) await post("practice/clock", { advance: seconds });
  await showClock();
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

/** Returns what one of the clients of lesson 02 joins with. */
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
  byId("played").textContent = byId("joins-with").value ? "This client joins lobby as uid 7, as in lesson 02." : "";
}

for (const mechanism of mechanisms) {
  mechanism.addEventListener("change", () => {
    change = post("practice/project", { mechanism: mechanism.value }).catch(logGone);
  });
}
byId("ten-minutes").onclick = () => advance(600).catch(logGone);
byId("to-warning").onclick = () => advance(ends - now - 35).catch(logGone);
byId("to-end").onclick = () => advance(ends - now).catch(logGone);
setInterval(() => document.hidden || showClock().catch(() => {}), 1000);
byId("joins-with").addEventListener("change", showClient);
document.addEventListener("submit", event => {
  event.preventDefault();
  event.stopImmediatePropagation();
  tryToJoin().catch(logGone);
}, { capture: true });
showProject().catch(logGone);
showClock().catch(logGone);
showClient();
