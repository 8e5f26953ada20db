// The stage: clients of Agora's own SDKs, a clock that can be moved, and a log of what the SDKs say.

import { byId, element, post } from "../pages/shared.js";

const CHANNEL = "lobby";
const WARNING_SECONDS = 30;
const LAST_SECONDS = 60; // of a stay: the timeline magnifies them
const LAST_PART = 60; // where they begin on the timeline, in percent
const PATIENCE_MS = 3000; // for a client's answer to a warning
const POLL_MS = 100;
const AHEAD_SECONDS = 35;
const { appId, renewal } = document.body.dataset;
const RENEWALS = { handler: "with your handler", "on time": "on time", old: "with the old token", never: "never" };
const YOURS = "Your handler";
const [RTC, SIGNALING] = ["RTC Web", "RTM 2.x"]; // the names of the SDKs in the table of meanings
const EVENTS_SHOWN = 4; // of the server, on a client's card

const format = time => new Date(time * 1000).toLocaleTimeString();
let now; // of the practice project's clock, as Unix time
let sessions = []; // what the media server knows
let logins = []; // and what Signaling knows
const meanings = await (await fetch("practice/meanings")).json(); // what the SDKs' events mean, and the evidence for it

/** Adds a line to the log: who, the SDK's own words, and our explanation. */
function log(who, words, explanation, kind = "") {
  byId("nothing").hidden = true;
  const said = words ? [" ", element("code", words)] : [];
  byId("log").append(element("li", [element("strong", who), ...said, element("p", explanation)], { class: kind }));
}

/** Logs an event of an SDK, or a promise that resolves, with what it means. `details` is part of the SDK's words. */
function logEvent(who, sdk, event, details = "", intent = "") {
  const words = details ? `${event}: ${details}` : event;
  const known = meanings[sdk];
  const { text, source, outcome } = known[words] ?? known[words.split(", ").slice(0, -1).join(", ")] ?? known[event];
  log(who, words, [`${text} ${intent}`.trim(), element("br"), element("small", source)], outcome);
}

async function logError(who, error) {
  const shown = error?.message ?? String(error);
  const { json } = await post("client/explain-error", { text: shown.slice(0, 1000) });
  log(who, shown, json.explanations?.[0]?.meaning ?? "This message is not in the list of Agora's errors about tokens.", "wrong");
}

/** Logs an error with which the SDK rejects a client, and what the project thinks of the client's token. */
async function logRejection(who, error) {
  await logError(who, error);
  const { admission } = await (await fetch("practice")).json();
  if (!admission || admission.admitted) return;
  for (const { title, detail, hint } of admission.reasons) log(who, "", `The project's reason: ${title}. ${detail} ${hint}`);
  if (!admission.documented) log(who, "", "Agora does not document its response in this case: it is an assumption of the model.");
}

function logGone() {
  log("This server", "", "It does not respond. Is it still running?", "wrong");
}

/** Loads the handler that the server was started with, if any. Errors that it does not catch are in the log, too. */
async function loadHandler() {
  if (!renewal) return undefined;
  globalThis.addEventListener("unhandledrejection", ({ reason }) => logError(YOURS, reason).catch(logGone));
  try {
    return (await import("./renewal.js")).default;
  } catch (error) {
    log(YOURS, `${error}`, "It is not valid JavaScript, so no client runs it. Correct it and start the server again.", "wrong");
    return undefined;
  }
}

/** One client: its card, and the SDK's client while it is in. */
class Client {
  constructor(name, id) {
    this.name = name;
    const button = (label, action) => {
      const control = element("button", label, { type: "button", class: "small", "aria-label": `${label}: ${this.name}` });
      control.onclick = () => action().catch(error => logError(this.name, error)).catch(logGone).then(show);
      return control;
    };
    this.renewal = element("select", renewals(this), { id: `renewal-${id}` });
    this.lifetime = element("select", lifetimes(this), { id: `lifetime-${id}` });
    this.state = element("p", "", { class: "status" });
    this.record = element("ol", [], { class: "record", "aria-label": `What the server did with ${this.name}` });
    const title = element("h2", this.name, { id: `client-${id}` });
    this.buttons = element("div", Object.entries(this.actions()).map(([label, action]) => button(label, action)), { class: "buttons" });
    this.card = element("section", [
      title,
      this.state,
      this.record,
      this.buttons,
      field("It renews", this.renewal),
      field("Tokens last", this.lifetime),
    ], { class: "card client", "aria-labelledby": title.id });
    byId("clients").append(this.card);
  }

  /** Deals with the SDK's warning, in the SDK's own words, as the page's user wants it. */
  async warned(words, client) {
    const how = this.renewal.value;
    const intent = { handler: "Your handler decides.", "on time": "It renews now, with a new token.", old: "It renews with the token that it has.", never: "It ignores this." };
    logEvent(this.name, this.sdk, words, "", intent[how]);
    if (how === "handler") await this.handled();
    if (how === "never" || how === "handler") return;
    await this.renew(client, how === "old" ? this.token : await this.fetchToken());
  }

  async renew(client, token) {
    const same = token === this.token;
    await client.renewToken(token);
    this.token = token;
    logEvent(this.name, this.sdk, "renewToken", same ? "the same token" : "");
  }

  /** Renews with a new token. What an SDK says to that outside a channel is in the log, too. */
  async renewNow() {
    if (this.client) await this.renew(this.client, await this.fetchToken());
    else log(this.name, "", "It is not connected. Let it in first.");
  }

  async fetchToken() {
    const { ok, json } = await post("practice/token", { ...this.request, lasts: this.lifetime.value });
    if (!ok) throw new Error(json.error?.message);
    return json.token;
  }

  /** Has the warning dealt with, and tells whoever waits for that. */
  async answer(...warning) {
    await this.warned(...warning).catch(error => logError(this.name, error)).catch(logGone);
    document.dispatchEvent(new CustomEvent("answered", { detail: this }));
    await show().catch(logGone);
  }

  /** Waits until the handler has renewed, though not for long: it may never do so. */
  async handled() {
    const { endsAt } = this.session ?? {};
    for (let waited = 0; waited < PATIENCE_MS && this.session?.endsAt === endsAt; waited += POLL_MS) {
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
      await show();
    }
  }

  /** Waits until the client has dealt with a warning, though not for long: it may be reconnecting. */
  answered() {
    return new Promise(resolve => {
      const done = () => {
        document.removeEventListener("answered", check);
        resolve();
      };
      const check = ({ detail }) => detail === this && done();
      document.addEventListener("answered", check);
      setTimeout(done, PATIENCE_MS);
    });
  }

  show(session) {
    this.buttons.firstElementChild.disabled = session?.state === "in"; // join, or log in
    const outside = session?.state === "out" ? `Out: ${session.reason}.` : this.outside;
    this.state.textContent = session?.state === "in" ? this.inside : outside;
    const lines = (session?.events ?? []).slice(-EVENTS_SHOWN).map(({ time, text }) => `${format(time)} ${text}`);
    if (lines.join() === this.recorded) return;
    this.recorded = lines.join();
    this.record.replaceChildren(...lines.map(line => element("li", line)));
  }
}

/** A client of the RTC SDK, in the channel or not. */
class ChannelClient extends Client {
  inside = "In the channel.";
  outside = "Not in the channel.";
  sdk = RTC;

  constructor(uid) {
    super(`Client ${uid}`, uid);
    this.uid = uid;
    this.publisher = element("input", [], { id: `publisher-${uid}`, type: "checkbox" });
    this.publisher.checked = true;
    this.role = element("select", ["host", "audience"].map(role => element("option", role)), { id: `role-${uid}` });
    this.role.onchange = () => this.setRole().catch(error => logError(this.name, error)).catch(logGone).then(show);
    this.card.append(field("Its role", this.role), element("div", [this.publisher, element("label", "Its tokens allow it to publish", { for: this.publisher.id })], { class: "choice" }));
  }

  actions() {
    return {
      Join: () => this.join(),
      Publish: () => this.publish(),
      Renew: () => this.renewNow(),
      Leave: () => this.leave(),
      Ban: () => post("practice/ban", { uid: this.uid }),
    };
  }

  get session() {
    return sessions.findLast(session => session.channel === CHANNEL && session.uid === this.uid);
  }

  get request() {
    return { uid: this.uid, isPublisher: this.publisher.checked };
  }

  /** Changes the role of a client that is in the channel, and shows the one that it has. */
  async setRole() {
    const role = this.role.value;
    if (!this.client) return;
    try {
      if (role === "audience" && this.client.localTracks.length) await this.client.unpublish();
      await this.client.setClientRole(role);
      logEvent(this.name, RTC, "setClientRole", role);
    } finally {
      this.role.value = this.client.role;
    }
  }

  async join() {
    if (!globalThis.AgoraRTC) {
      log(this.name, "", "Agora's SDK is missing. See above how to get a copy of it.", "wrong");
      return;
    }
    await this.leave();
    const client = AgoraRTC.createClient({ mode: "live", codec: "vp8", role: this.role.value });
    this.client = client;
    this.listen(client);
    this.token = await needsToken() ? await this.fetchToken() : null;
    if (this.renewal.value === "handler") {
      const fetchToken = async () => ({ uid: this.uid, token: await this.fetchToken() });
      await handler(client, this.token, fetchToken).catch(error => logError(YOURS, error));
    }
    await client.join(appId, CHANNEL, this.token, this.uid).catch(error => logRejection(this.name, error));
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
    logEvent(this.name, RTC, "publish");
  }

  /** Logs every event that the SDK fires, with an explanation. */
  listen(client) {
    client.on("connection-state-change", (state, before, reason) => {
      logEvent(this.name, RTC, "connection-state-change", reason ? `${state}, ${reason}` : state);
      show().catch(logGone);
    });
    client.on("token-privilege-will-expire", () => this.answer("token-privilege-will-expire", client));
    client.on("token-privilege-did-expire", () => logEvent(this.name, RTC, "token-privilege-did-expire"));
    for (const event of ["user-joined", "user-left", "user-published", "user-unpublished"]) {
      client.on(event, ({ uid }) => logEvent(this.name, RTC, event, uid));
    }
  }
}

/** A client of the Signaling SDK, logged in or not. */
class SignalingClient extends Client {
  inside = "Logged in.";
  outside = "Not logged in.";
  sdk = SIGNALING;

  constructor(user) {
    super(`Signaling client ${user}`, user);
    this.user = user;
  }

  actions() {
    return {
      "Log in": () => this.logIn(),
      "Log out": () => this.client?.logout(),
      Renew: () => this.renewNow(),
      Ban: () => post("practice/ban", { user: this.user }),
    };
  }

  get session() {
    return logins.findLast(session => session.user === this.user);
  }

  get request() {
    return { user: this.user };
  }

  async logIn() {
    if (!this.client) { // the SDK allows one client for each user in a page
      this.client = new AgoraRTM.RTM(appId, this.user, { logLevel: "none" });
      this.client.addEventListener("linkState", ({ currentState, reasonCode }) => {
        logEvent(this.name, SIGNALING, "linkState", `${currentState}, ${reasonCode}`);
        show().catch(logGone);
      });
      this.client.addEventListener("tokenPrivilegeWillExpire", () => this.answer("tokenPrivilegeWillExpire", this.client));
    }
    this.token = await needsToken() ? await this.fetchToken() : undefined;
    await this.client.login({ token: this.token }).catch(error => logRejection(this.name, error));
  }
}

/** Whether clients bring a token. Asks the project: the page may show a mechanism that it had before. */
async function needsToken() {
  const { mechanism } = await (await fetch("practice/project")).json();
  return mechanism !== "app_id";
}

function field(label, control) {
  return element("div", [element("label", label, { for: control.id }), control], { class: "field" });
}

/** How a client may renew. The handler is for channels. */
function renewals(client) {
  const entries = Object.entries(RENEWALS).filter(([value]) => value !== "handler" || handler && client instanceof ChannelClient);
  return entries.map(([value, label]) => element("option", label, { value }));
}

/** How long a client's tokens may last. Privileges that end at a time of their own are for channels. */
function lifetimes(client) {
  const options = [...byId("lifetimes").content.cloneNode(true).children];
  return options.filter(option => client instanceof ChannelClient || !("apart" in option.dataset));
}

const handler = await loadHandler();
const clients = [new ChannelClient(7), new ChannelClient(8), ...(globalThis.AgoraRTM ? [new SignalingClient("alice")] : [])];
const present = () => clients.filter(({ session }) => session?.state === "in" && session.endsAt);
const firstEnd = () => Math.min(...present().map(({ session }) => session.endsAt));

async function show() {
  const [state, project] = await Promise.all(["practice", "practice/project"].map(async path => (await fetch(path)).json()));
  ({ now, sessions, signaling: logins } = state);
  byId("time").textContent = format(now);
  byId("mechanism").value = project.mechanism;
  byId("signer").value = project.signer;
  const entries = { ...project.certificates, "co-host authentication": project.coHostAuthentication ? "on" : "off" };
  byId("entries").replaceChildren(...Object.entries(entries).map(([name, value]) => element("div", [element("dt", name), element("dd", value)])));
  for (const button of byId("changes").children) button.hidden = !project.changes.includes(button.dataset.change);
  byId("to-warning").disabled = !(firstEnd() - now > AHEAD_SECONDS && Number.isFinite(firstEnd()));
  byId("to-end").disabled = !Number.isFinite(firstEnd());
  for (const client of clients) client.show(client.session);
  byId("rows").replaceChildren(...clients.map(client => row(client, client.session)));
}

/** Draws a client's stay since it got its token, with the clock's hand. Its last minute takes two fifths of the line. */
function row(client, session) {
  const name = element("strong", client.name);
  if (!session?.endsAt) {
    const text = session ? session.state === "in" ? "in, without an end." : `out: ${session.reason}.` : client.outside;
    return element("div", [element("p", [name, ": ", text])], { class: "row" });
  }
  const { endsAt, events, state, reason } = session;
  const last = endsAt - LAST_SECONDS;
  const from = Math.min(last, events.findLast(({ kind }) => /^(join|log in|renew token)$/.test(kind))?.time ?? last);
  const percent = time => time < last ? (time - from) / (last - from) * LAST_PART : Math.min(100, LAST_PART + (time - last) / LAST_SECONDS * (100 - LAST_PART));
  const out = state === "out" ? events.findLast(({ kind }) => kind !== "leave")?.time ?? now : now;
  const hand = percent(Math.max(from, Math.min(now, out)));
  const place = (className, left, content = "") => {
    const part = element("span", content, { class: className });
    part.style.left = `${left}%`;
    return part;
  };
  const past = element("span", [], { class: "past" });
  past.style.width = `${hand}%`;
  const track = [place("soon", percent(endsAt - WARNING_SECONDS)), past, place("minute", LAST_PART), place("hand", hand)];
  const scale = [place("", 0, format(from)), place("", LAST_PART, "60 s left"), place("", percent(endsAt - WARNING_SECONDS), "warning"), element("span", "end", { class: "end" })];
  const times = `warning at ${format(endsAt - WARNING_SECONDS)}, end at ${format(endsAt)}`;
  return element("div", [
    element("p", [name, `: ${state === "out" ? `out, ${reason}.` : `${times}, in ${duration(endsAt - now)}.`}`]),
    element("div", track, { class: state === "out" ? "track over" : "track", "aria-hidden": "true" }),
    element("div", scale, { class: "scale", "aria-hidden": "true" }),
  ], { class: "row" });
}

function duration(seconds) {
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

/** Moves the clock. Stops at each warning on the way, so that the clients can renew, as they could on an ordinary day. */
async function moveTo(target) {
  for (let next; next !== target;) {
    await show();
    const warnings = present().map(({ session }) => session.endsAt - WARNING_SECONDS).filter(time => now < time && time < target);
    next = Math.min(target, ...warnings);
    if (next <= now) return;
    const answers = present().filter(({ session }) => next === session.endsAt - WARNING_SECONDS).map(client => client.answered());
    await post("practice/clock", { advance: next - now });
    await Promise.all(answers);
  }
  await show();
}

/** Changes the project, and says why if it refuses. */
async function change(path, body) {
  const { ok, json } = await post(path, body);
  byId("refused").hidden = ok;
  byId("refused").textContent = ok ? "" : json.error?.message ?? "The project was not changed.";
  await show();
}

byId("ten-minutes").onclick = () => moveTo(now + 600).catch(logGone);
byId("to-warning").onclick = () => moveTo(firstEnd() - AHEAD_SECONDS).catch(logGone);
byId("to-end").onclick = () => moveTo(firstEnd()).catch(logGone);
byId("mechanism").onchange = () => change("practice/project", { mechanism: byId("mechanism").value }).catch(logGone);
byId("signer").onchange = () => change("practice/signer", { certificate: byId("signer").value }).catch(logGone);
for (const button of byId("changes").children) {
  button.onclick = () => change("practice/change", { change: button.dataset.change }).catch(logGone);
}
globalThis.AgoraRTC?.setLogLevel(4);
setInterval(() => document.hidden || show().catch(() => {}), 1000);
show().catch(logGone);
