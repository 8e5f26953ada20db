// The stage: two clients of Agora's SDK, a clock that can be moved, and a log of what the SDK says.

import { byId, element, post } from "../pages/shared.js";

const CHANNEL = "lobby";
const WARNING_SECONDS = 30;
const AHEAD_SECONDS = 35;
const { appId } = document.body.dataset;
const RENEWALS = { "on time": "on time", old: "with the old token", never: "never" };
const REASONS = {
  LEAVE: "It left by itself.",
  TOKEN_EXPIRE: "Its privilege to join ended, and nobody renewed it in time. It must join again with a new token.",
  UID_BANNED: "It was banned, or another client joined with its uid. A new token does not undo a ban.",
  NETWORK_ERROR: "The connection was lost. No media flows here, so the SDK reconnects by itself now and then.",
};
const STATES = {
  CONNECTING: "The SDK asks the access point, and opens a WebSocket to the media server.",
  CONNECTED: "It is in the channel.",
  RECONNECTING: "The SDK comes back by itself, with the token that it has.",
  DISCONNECTING: "It is about to leave.",
};

const format = time => new Date(time * 1000).toLocaleTimeString();
let now; // of the practice project's clock, as Unix time
let sessions = []; // what the media server knows

/** Adds a line to the log: who, the SDK's own words, and our explanation. */
function log(who, words, explanation, kind = "") {
  byId("nothing").hidden = true;
  const said = words ? [" ", element("code", words)] : [];
  byId("log").append(element("li", [element("strong", who), ...said, element("p", explanation)], { class: kind }));
}

async function logError(who, error) {
  const shown = error?.message ?? String(error);
  const { json } = await post("client/explain-error", { text: shown.slice(0, 1000) });
  log(who, shown, json.explanations?.[0]?.meaning ?? "This message is not in the list of Agora's errors about tokens.", "wrong");
}

function logGone() {
  log("This server", "", "It does not respond. Is it still running?", "wrong");
}

/** One client: its card, and the SDK's client while it is in the channel. */
class Client {
  constructor(uid) {
    this.uid = uid;
    this.name = `Client ${uid}`;
    const button = (label, action) => {
      const control = element("button", label, { type: "button", "aria-label": `${label}: ${this.name}` });
      control.onclick = () => action().catch(error => logError(this.name, error)).catch(logGone).then(show);
      return control;
    };
    this.renewal = element("select", Object.entries(RENEWALS).map(([value, label]) => element("option", label, { value })), { id: `renewal-${uid}` });
    this.publisher = element("input", [], { id: `publisher-${uid}`, type: "checkbox" });
    this.publisher.checked = true;
    this.state = element("p", "Not in the channel.", { class: "status" });
    const title = element("h2", this.name, { id: `client-${uid}` });
    byId("clients").append(element("section", [
      title,
      this.state,
      element("div", [
        button("Join", () => this.join()),
        button("Publish", () => this.publish()),
        button("Leave", () => this.leave()),
        button("Ban", () => post("practice/ban", { uid })),
      ], { class: "buttons" }),
      element("div", [element("label", `${this.name} renews`, { for: this.renewal.id }), this.renewal], { class: "field" }),
      element("div", [this.publisher, element("label", "Its tokens allow it to publish", { for: this.publisher.id })], { class: "choice" }),
    ], { class: "card client", "aria-labelledby": title.id }));
  }

  async fetchToken() {
    const { ok, json } = await post("rtctoken", { channel: CHANNEL, uid: this.uid, isPublisher: this.publisher.checked });
    if (!ok) throw new Error(json.error?.message);
    return json.token;
  }

  async join() {
    if (!globalThis.AgoraRTC) {
      log(this.name, "", "Agora's SDK is missing. See above how to get a copy of it.", "wrong");
      return;
    }
    await this.leave();
    const client = AgoraRTC.createClient({ mode: "rtc", codec: "vp8" });
    this.client = client;
    this.listen(client);
    this.token = byId("mechanism").value === "app_id" ? null : await this.fetchToken();
    await client.join(appId, CHANNEL, this.token, this.uid);
  }

  async leave() {
    const { client } = this;
    this.client = undefined;
    this.track?.close();
    this.track = undefined;
    await client?.leave();
  }

  async publish() {
    if (!this.client) {
      log(this.name, "", "It is not in the channel. Let it join first.");
      return;
    }
    this.track ??= await AgoraRTC.createMicrophoneAudioTrack();
    await this.client.publish(this.track);
    log(this.name, "publish", "It publishes its microphone.", "right");
  }

  /** Logs every event that the SDK fires, with an explanation. */
  listen(client) {
    const on = (event, explain) => client.on(event, (...values) => explain(...values));
    on("connection-state-change", (state, before, reason) => {
      const words = `connection-state-change: ${state}${reason ? `, ${reason}` : ""}`;
      const wrong = state === "DISCONNECTED" && reason !== "LEAVE";
      log(this.name, words, STATES[state] ?? REASONS[reason] ?? "It is not in the channel.", state === "CONNECTED" ? "right" : wrong ? "wrong" : "");
      show().catch(logGone);
    });
    on("token-privilege-will-expire", () => this.renew(client).catch(error => logError(this.name, error)).catch(logGone).then(show));
    on("token-privilege-did-expire", () => log(this.name, "token-privilege-did-expire", "Its privilege to join has ended. The media server puts it out.", "wrong"));
    for (const [event, text] of Object.entries({
      "user-joined": "came into the channel.",
      "user-left": "is gone.",
      "user-published": "publishes.",
      "user-unpublished": "publishes no longer.",
    })) on(event, ({ uid }) => log(this.name, `${event}: ${uid}`, `It sees that client ${uid} ${text}`));
  }

  async renew(client) {
    const how = this.renewal.value;
    if (how === "old" && this.repeated === client) return; // the media server warns at once again: once is enough
    const intent = { "on time": "It renews now, with a new token.", old: "It renews with the token that it has, which changes nothing.", never: "It ignores this." };
    log(this.name, "token-privilege-will-expire", `Its privilege to join ends within ${WARNING_SECONDS} seconds. ${intent[how]}`, how === "on time" ? "" : "wrong");
    if (how === "never") return;
    this.repeated = how === "old" ? client : undefined;
    const token = how === "old" ? this.token : await this.fetchToken();
    await client.renewToken(token);
    this.token = token;
    log(this.name, "renewToken", "The media server accepted the token.", "right");
  }

  show(session) {
    const left = session?.state === "out" ? `Out: ${session.reason}.` : "Not in the channel.";
    this.state.textContent = session?.state === "in" ? "In the channel." : left;
  }
}

const clients = [new Client(7), new Client(8)];
const present = () => sessions.filter(session => session.state === "in" && session.endsAt);
const firstEnd = () => Math.min(...present().map(session => session.endsAt));

async function show() {
  const [state, project] = await Promise.all(["practice", "practice/project"].map(async path => (await fetch(path)).json()));
  ({ now, sessions } = state);
  byId("time").textContent = format(now);
  byId("mechanism").value = project.mechanism;
  const entries = { ...project.certificates, "co-host authentication": project.coHostAuthentication ? "on" : "off" };
  byId("entries").replaceChildren(...Object.entries(entries).map(([name, value]) => element("div", [element("dt", name), element("dd", value)])));
  byId("to-warning").disabled = !(firstEnd() - now > AHEAD_SECONDS && Number.isFinite(firstEnd()));
  byId("to-end").disabled = !Number.isFinite(firstEnd());
  const mine = clients.map(client => sessions.findLast(session => session.channel === CHANNEL && session.uid === client.uid));
  clients.forEach((client, index) => client.show(mine[index]));
  byId("rows").replaceChildren(...clients.map((client, index) => row(client, mine[index], mine)));
}

/** Draws a client's stay: from its beginning to its end, with the warning and the clock's hand. */
function row(client, session, all) {
  const known = all.filter(Boolean);
  const from = Math.max(now - 3600, Math.min(now, ...known.map(each => each.events[0].time)));
  const to = Math.max(now + 600, ...known.map(each => each.endsAt ?? 0), from + 3600) + 300;
  const place = (time, name) => {
    const part = element("span", [], { class: name });
    part.style.left = `${Math.max(0, (time - from) / (to - from) * 100)}%`;
    return part;
  };
  const parts = [];
  let text = "no session yet";
  if (session?.endsAt) {
    const bar = place(session.events[0].time, "bar");
    bar.style.right = `${100 - (session.endsAt - from) / (to - from) * 100}%`;
    parts.push(bar, place(session.endsAt - WARNING_SECONDS, "warning"));
    text = `warned at ${format(session.endsAt - WARNING_SECONDS)}, ends at ${format(session.endsAt)}`;
    if (session.state === "out") text = `out: ${session.reason}`;
  } else if (session) text = session.state === "in" ? "in, without an end" : `out: ${session.reason}`;
  const track = element("div", [...parts, place(now, "hand")], { class: session?.state === "out" ? "track over" : "track", "aria-hidden": "true" });
  return element("div", [element("p", [element("strong", client.name), `: ${text}`]), track], { class: "row" });
}

async function advance(seconds) {
  if (seconds > 0) await post("practice/clock", { advance: seconds });
  await show();
}

/** Changes the project, and says why if it refuses. */
async function change(path, body) {
  const { ok, json } = await post(path, body);
  byId("refused").hidden = ok;
  byId("refused").textContent = ok ? "" : json.error?.message ?? "The project was not changed.";
  await show();
}

byId("ten-minutes").onclick = () => advance(600).catch(logGone);
byId("to-warning").onclick = () => advance(firstEnd() - now - AHEAD_SECONDS).catch(logGone);
byId("to-end").onclick = () => advance(firstEnd() - now).catch(logGone);
byId("mechanism").onchange = () => change("practice/project", { mechanism: byId("mechanism").value }).catch(logGone);
for (const button of byId("changes").children) {
  button.onclick = () => change("practice/change", { change: button.dataset.change }).catch(logGone);
}
globalThis.AgoraRTC?.setLogLevel(4);
setInterval(() => document.hidden || show().catch(() => {}), 1000);
show().catch(logGone);
