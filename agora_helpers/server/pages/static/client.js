// Joins a channel: a token from this server, Agora's Web SDK, and a new token before the old one ends.

import { askForToken, byId, element, post, showAtField, typed } from "./shared.js";

const form = byId("form");
const { appId, sdk } = document.body.dataset;
let client; // Agora's, while the page is in a channel or on its way there
let starts = 0; // of clients: what an earlier one waits for no longer counts
let tracks = []; // microphone and camera, once they are published

/** The request for a token, as the form says it. */
function request() {
  const user = typed(byId("user").value);
  const who = user === "" ? {} : typeof user === "number" ? { uid: user } : { userAccount: user };
  return { channel: byId("channel").value, isPublisher: byId("isPublisher").checked, ...who };
}

/** Asks this server for a token; undefined if it makes none, which is then said. */
async function fetchToken(body) {
  const answer = await askForToken("rtctoken", body);
  if (answer.ok) {
    say(`This server made a token for ${named(answer.json)}, good until ${clock(answer.json.expiresAt)}.`);
    return answer.json;
  }
  const { error } = answer.json;
  say([element("strong", "This server made no token."), element("p", error?.message ?? `It answered ${answer.status} ${answer.reason}.`)], "wrong");
  showAtField(form, error, { uid: "user", userAccount: "user" });
}

/** Who joins with a token of this server, and how to get the next one: for the same uid. */
function memberOf(answer, body) {
  const who = "userAccount" in answer ? { userAccount: answer.userAccount } : { uid: answer.uid };
  return { appId, channel: answer.channel, token: answer.token, uid: answer.userAccount ?? answer.uid, body: { ...body, ...who } };
}

/** Lets Agora's SDK join, and says what comes of it; true if the client is in. */
async function join(member) {
  if (typeof AgoraRTC === "undefined") return sdkMissing();
  AgoraRTC.setLogLevel(2); // warnings and errors
  const mine = AgoraRTC.createClient({ mode: "rtc", codec: "vp8" });
  client = mine;
  globalThis.agoraClient = mine; // for the browser's console: agoraClient.connectionState
  listen(mine, member);
  say(`Agora's SDK ${AgoraRTC.VERSION} joins ${member.channel} …`);
  showButtons();
  try {
    const uid = await mine.join(member.appId, member.channel, member.token, member.uid);
    say([element("strong", "In the channel"), ` ${member.channel}, as ${uid}.`], "right");
    if (tracks.length) await publishTracks(mine);
    showButtons();
    return true;
  } catch (error) {
    if (mine !== client) return false; // left, or joined anew, in the meantime
    client = undefined;
    showButtons();
    await sayError("Refused.", error);
    return false;
  }
}

function listen(mine, member) {
  mine.on("token-privilege-will-expire", () => renew(mine, member));
  mine.on("token-privilege-did-expire", () => joinAgain(mine, member));
  mine.on("connection-state-change", (now, before, reason) => {
    if (mine === client && now === "DISCONNECTED" && reason) sayError("Out of the channel.", reason);
  });
  mine.on("user-joined", user => say(`${user.uid} is in the channel.`));
  mine.on("user-left", user => say(`${user.uid} has left.`));
  mine.on("user-published", async (user, kind) => {
    try {
      const track = await mine.subscribe(user, kind);
      track.play(kind === "video" ? screen(user.uid) : undefined);
    } catch (error) {
      await sayError(`The ${kind} of ${user.uid} cannot be received.`, error);
    }
  });
  mine.on("user-unpublished", (user, kind) => kind === "video" && byId(`video-${user.uid}`)?.parentElement.remove());
}

async function renew(mine, member) {
  if (mine !== client) return;
  say(`Agora's SDK says that the token will end soon. The page asks for a new one, for ${named(member.body)} again.`);
  const answer = await fetchToken(member.body);
  if (mine !== client) return;
  if (!answer) {
    say("The page tries again in 5 seconds.");
    setTimeout(() => renew(mine, member), 5000);
    return;
  }
  say("The page hands it to Agora's SDK, with renewToken.");
  try {
    await mine.renewToken(answer.token);
    say([element("strong", "Renewed."), ` The client may stay until ${clock(answer.expiresAt)}.`], "right");
  } catch (error) {
    if (mine === client) await sayError("The new token was not taken.", error);
  }
}

async function joinAgain(mine, member) {
  if (mine !== client) return;
  say(`Agora's SDK says that the token has ended: the client is out. The page joins again as ${named(member.body)}, with a new token.`);
  const turn = ++starts;
  client = undefined;
  await mine.leave().catch(() => {});
  const answer = await fetchToken(member.body);
  if (turn !== starts) return;
  if (answer) await join({ ...member, token: answer.token });
  else leave();
}

/** Leaves the channel, or gives up joining it. */
async function leave() {
  const mine = client;
  client = undefined;
  starts += 1;
  closeTracks();
  byId("videos").replaceChildren();
  showButtons();
  await mine?.leave();
}

async function publish() {
  const mine = client;
  try {
    tracks = await AgoraRTC.createMicrophoneAndCameraTracks();
    await publishTracks(mine);
  } catch (error) {
    await sayError("Microphone or camera cannot be used.", error);
  }
  showButtons();
}

/** Publishes microphone and camera: those of before, too, after the client has joined again. */
async function publishTracks(mine) {
  try {
    await mine.publish(tracks);
    tracks[1].play(screen("you"));
    say("Microphone and camera are published.");
  } catch (error) {
    closeTracks();
    await sayError("Nothing was published.", error);
  }
}

function closeTracks() {
  for (const track of tracks) track.close();
  tracks = [];
}

function screen(uid) {
  const made = element("div", [], { id: `video-${uid}` });
  byId(`video-${uid}`)?.parentElement.remove();
  byId("videos").append(element("figure", [made, element("figcaption", String(uid))]));
  return made;
}

function showButtons() {
  const hadFocus = document.activeElement;
  byId("leave").hidden = !client;
  byId("publish").hidden = client?.connectionState !== "CONNECTED" || tracks.length > 0;
  if (hadFocus?.hidden) form.querySelector("[type=submit]").focus();
}

/** A new line of the log: a text, or elements. */
export function say(content, kind = "") {
  byId("nothing").hidden = true;
  const line = element("li", content, { class: kind });
  byId("log").append(line);
  line.scrollIntoView({ block: "nearest" });
}

/** An error of Agora's SDK in its own words, and what they mean. */
export async function sayError(title, error) {
  const shown = error?.message ?? String(error);
  const { json } = await post("client/explain-error", { text: shown }).catch(() => ({ json: {} }));
  const [found] = json.explanations ?? [];
  const meaning = found?.meaning ?? "This message is not in the list of Agora's errors about tokens and access.";
  const parts = [element("strong", title), element("p", ["Agora's SDK says: ", element("code", shown)]), element("p", meaning)];
  if (found) parts.push(element("details", [element("summary", "Usual causes, and where to look"), ...lists(found)]));
  say(parts, "wrong");
}

function lists(found) {
  const named = { "Usual causes": found.causes, "In the project": found.project_checks, "In the client": found.client_checks };
  return Object.entries(named).filter(([, entries]) => entries.length).flatMap(([heading, entries]) =>
    [element("p", heading), element("ul", entries.map(entry => element("li", entry)))]);
}

function sdkMissing() {
  say([element("strong", "Agora's SDK is not there."), element("p", sdk
    ? `It did not load from ${sdk}. Is there a network? A copy of yours can take its place: start the server with AGORA_WEB_SDK=path/of/AgoraRTC_N-production.js`
    : "See above how to get a copy of it.")], "wrong");
  return false;
}

function named(who) {
  return "userAccount" in who ? `the user account ${who.userAccount}` : `uid ${who.uid}`;
}

function clock(unixTime) {
  return new Date(unixTime * 1000).toLocaleTimeString();
}

/** Leaves what there is, clears the log, and lets a new client try. */
export async function start(clientOf) {
  byId("log").replaceChildren();
  showAtField(form);
  await leave();
  const turn = ++starts;
  const member = await clientOf();
  return member && turn === starts ? join(member) : false;
}

/** The client of this page: with a token of this server. */
export async function ownClient() {
  const body = request();
  const answer = await fetchToken(body);
  return answer && memberOf(answer, body);
}

form.addEventListener("submit", event => {
  event.preventDefault();
  start(ownClient);
});
byId("leave").addEventListener("click", async () => {
  await leave();
  say("Left.");
});
byId("publish").addEventListener("click", publish);
