// Joins a channel with a token of this server and Agora's Web SDK, and renews the token before it expires.

import { byId, element, explain, postWithKey, showAtField, typed } from "./shared.js";

const form = byId("form");
const { appId, sdk } = document.body.dataset;
let client; // the SDK's client, while it is in a channel or joining one
let starts = 0; // number of clients so far: a response for an earlier one is ignored
let tracks = []; // microphone and camera, once they are published
const figures = new Map(); // a video for each remote uid or user account, and for the visitor under "undefined"

/** Reads the token request from the form. */
function request() {
  const user = typed(byId("user").value);
  const identity = user === "" ? {} : typeof user === "number" ? { uid: user } : { userAccount: user };
  return { channel: byId("channel").value, isPublisher: byId("isPublisher").checked, ...identity };
}

/** Requests a token from this server. Logs the outcome, and returns undefined if there is no token. */
async function fetchToken(body) {
  const response = await postWithKey("rtctoken", body);
  if (response.ok) {
    log(`This server issued a token for ${named(response.json)}, valid until ${clock(response.json.expiresAt)}.`);
    return response.json;
  }
  const { error } = response.json;
  log([element("strong", "This server issued no token."), element("p", error?.message ?? `It returned ${response.status} ${response.reason}.`)], "wrong");
  showAtField(form, error, { uid: "user", userAccount: "user" });
}

/** Returns what the client joins with, and the body with which to renew the token: for the same uid. */
function memberOf(issued, body) {
  const identity = "userAccount" in issued ? { userAccount: issued.userAccount } : { uid: issued.uid };
  return { appId, channel: issued.channel, token: issued.token, uid: issued.userAccount ?? issued.uid, body: { ...body, ...identity } };
}

/** Joins with Agora's SDK and logs the outcome. Returns whether the client was admitted. */
async function join(member) {
  if (typeof AgoraRTC === "undefined") return sdkMissing();
  AgoraRTC.setLogLevel(2); // warnings and errors
  const mine = AgoraRTC.createClient({ mode: "rtc", codec: "vp8" });
  client = mine;
  globalThis.agoraClient = mine; // for the browser's console: agoraClient.connectionState
  listen(mine, member);
  log(`Agora's SDK ${AgoraRTC.VERSION} joins ${member.channel} …`);
  showButtons();
  try {
    const uid = await mine.join(member.appId, member.channel, member.token, member.uid);
    log([element("strong", "In the channel"), ` ${member.channel}, as ${uid}.`], "right");
    if (tracks.length) await publishTracks(mine);
    showButtons();
    return true;
  } catch (error) {
    if (mine !== client) return false; // the client has left, or joined again, in the meantime
    client = undefined;
    showButtons();
    await logError("Rejected.", error);
    return false;
  }
}

function listen(mine, member) {
  mine.on("token-privilege-will-expire", () => renew(mine, member));
  mine.on("token-privilege-did-expire", () => joinAgain(mine, member));
  mine.on("connection-state-change", (now, before, reason) => {
    if (mine === client && now === "DISCONNECTED" && reason) logError("Disconnected from the channel.", reason);
  });
  mine.on("user-joined", user => log(`${user.uid} is in the channel.`));
  mine.on("user-left", user => log(`${user.uid} has left.`));
  mine.on("user-published", async (user, kind) => {
    try {
      const track = await mine.subscribe(user, kind);
      track.play(kind === "video" ? screen(userName(user.uid), user.uid) : undefined);
    } catch (error) {
      await logError(`Cannot receive the ${kind} of ${user.uid}.`, error);
    }
  });
  mine.on("user-unpublished", (user, kind) => kind === "video" && figures.get(user.uid)?.remove());
}

async function renew(mine, member) {
  if (mine !== client) return;
  log(`Agora's SDK reports that the token expires soon. The page requests a new one for ${named(member.body)}.`);
  const issued = await fetchToken(member.body);
  if (mine !== client) return;
  if (!issued) {
    log("The page retries in 5 seconds.");
    setTimeout(() => renew(mine, member), 5000);
    return;
  }
  log("The page passes it to Agora's SDK with renewToken.");
  try {
    await mine.renewToken(issued.token);
    log([element("strong", "Renewed."), ` The client can stay until ${clock(issued.expiresAt)}.`], "right");
  } catch (error) {
    if (mine === client) await logError("The SDK did not accept the new token.", error);
  }
}

async function joinAgain(mine, member) {
  if (mine !== client) return;
  log(`Agora's SDK reports that the token has expired and the client was disconnected. The page joins again as ${named(member.body)} with a new token.`);
  const turn = ++starts;
  client = undefined;
  await mine.leave().catch(() => {});
  const issued = await fetchToken(member.body);
  if (turn !== starts) return;
  if (issued) await join({ ...member, token: issued.token });
  else leave();
}

/** Leaves the channel, or cancels joining it. */
async function leave() {
  const mine = client;
  client = undefined;
  starts += 1;
  closeTracks();
  byId("videos").replaceChildren();
  figures.clear();
  showButtons();
  await mine?.leave();
}

async function publish() {
  const mine = client;
  try {
    tracks = await AgoraRTC.createMicrophoneAndCameraTracks();
    await publishTracks(mine);
  } catch (error) {
    await logError("Cannot use microphone or camera.", error);
  }
  showButtons();
}

/** Publishes microphone and camera. After the client has joined again, the same tracks are published once more. */
async function publishTracks(mine) {
  try {
    await mine.publish(tracks);
    tracks[1].play(screen("You"));
    log("Microphone and camera are published.");
  } catch (error) {
    closeTracks();
    await logError("Cannot publish.", error);
  }
}

function closeTracks() {
  for (const track of tracks) track.close();
  tracks = [];
}

/** Adds an empty video to the page, in place of an earlier one of the same user. Without a uid it is the visitor's own. */
function screen(caption, uid) {
  const video = element("div");
  figures.get(uid)?.remove();
  figures.set(uid, element("figure", [video, element("figcaption", caption)]));
  byId("videos").append(figures.get(uid));
  return video;
}

function showButtons() {
  const hadFocus = document.activeElement;
  byId("leave").hidden = !client;
  byId("publish").hidden = client?.connectionState !== "CONNECTED" || tracks.length > 0;
  if (hadFocus?.hidden) form.querySelector("[type=submit]").focus();
}

/** Adds a line to the log: text, or elements. */
export function log(content, kind = "") {
  byId("nothing").hidden = true;
  const line = element("li", content, { class: kind });
  byId("log").append(line);
  line.scrollIntoView({ block: "nearest" });
}

/** Logs an error of Agora's SDK in its own words, and their meaning. */
export async function logError(title, error) {
  const shown = error?.message ?? String(error);
  const { explanations } = await explain("client/explain-error", { text: shown.slice(0, 1000) });
  const [explanation] = explanations ?? [];
  const unknown = explanations ? "This message is not in the list of Agora's errors about tokens and access." : "This server did not explain it.";
  const meaning = explanation?.meaning ?? unknown;
  const parts = [element("strong", title), element("p", ["Agora's SDK reports: ", element("code", shown)]), element("p", meaning)];
  if (explanation) parts.push(element("details", [element("summary", "Usual causes, and where to look"), ...lists(explanation)]));
  log(parts, "wrong");
}

function lists(explanation) {
  const { causes, project_checks, client_checks } = explanation;
  const sections = { "Usual causes": causes, "In the project": project_checks, "In the client": client_checks };
  return Object.entries(sections).filter(([, entries]) => entries.length).flatMap(([heading, entries]) =>
    [element("p", heading), element("ul", entries.map(entry => element("li", entry)))]);
}

function sdkMissing() {
  log([element("strong", "Agora's SDK is not loaded."), element("p", sdk
    ? `It did not load from ${sdk}. Check the network, or start the server with a copy of the SDK: AGORA_WEB_SDK=path/of/AgoraRTC_N-production.js`
    : "See above how to get a copy of it.")], "wrong");
  return false;
}

function named(identity) {
  return "userAccount" in identity ? `the user account ${identity.userAccount}` : `uid ${identity.uid}`;
}

function userName(uid) {
  return typeof uid === "number" ? `uid ${uid}` : `user account ${uid}`;
}

function clock(unixTime) {
  return new Date(unixTime * 1000).toLocaleTimeString();
}

/** Leaves the channel, clears the log, and starts a new client. */
export async function start(clientOf) {
  byId("log").replaceChildren();
  showAtField(form);
  await leave();
  const turn = ++starts;
  const member = await clientOf();
  return member && turn === starts ? join(member) : false;
}

/** Returns what this page's client joins with: a token of this server. */
export async function ownClient() {
  const body = request();
  const issued = await fetchToken(body);
  return issued && memberOf(issued, body);
}

form.addEventListener("submit", event => {
  event.preventDefault();
  start(ownClient);
});
byId("leave").addEventListener("click", async () => {
  await leave();
  log("Left.");
});
byId("publish").addEventListener("click", publish);
