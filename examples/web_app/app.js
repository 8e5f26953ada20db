// Joins a channel with Agora's Web SDK, and renews the token before it expires.

"use strict";

const client = AgoraRTC.createClient({ mode: "rtc", codec: "vp8" });

const show = (id, text) => {
  document.getElementById(id).textContent = text;
};

/** Returns what the token server gives to this user: App ID, channel, uid and token. */
const fetchToken = async () => {
  const response = await fetch("token", { method: "POST" });
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
};

const join = async () => {
  const { appId, channel, uid, token } = await fetchToken();
  await client.join(appId, channel, token, uid);
  show("status", "joined");
};

const publish = async () => {
  await client.publish(await AgoraRTC.createMicrophoneAudioTrack());
  show("status", "published");
};

const renew = async () => {
  const { token } = await fetchToken();
  await client.renewToken(token);
  show("status", "renewed");
};

/** Runs an action, and shows its error. */
const run = action => action().catch(error => show("error", error.message));

document.getElementById("join").addEventListener("click", () => run(join));
document.getElementById("publish").addEventListener("click", () => run(publish));
client.on("token-privilege-will-expire", () => run(renew));
client.on("connection-state-change", (state, before, reason) => {
  if (state === "DISCONNECTED") show("status", `out: ${reason}`);
});
