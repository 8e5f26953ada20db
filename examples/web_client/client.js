const APP_ID = "your App ID";
const TOKEN_SERVER = "http://localhost:3000";
const CHANNEL = "lobby";
const client = AgoraRTC.createClient({ mode: "rtc", codec: "vp8" });
let uid; // chosen by the token server, and kept for later tokens
let tracks = []; // microphone and camera, once they are published

async function fetchToken() {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ channel: CHANNEL, isPublisher: true, uid });
  for (let wait = 1000; ; wait *= 2) {
    const request = { method: "POST", headers, body, signal: AbortSignal.timeout(2000) };
    const answer = await fetch(`${TOKEN_SERVER}/rtctoken`, request).catch(() => null);
    if (answer?.ok) return answer.json();
    const retry = !answer || answer.status === 429 || answer.status >= 500;
    if (!retry || wait > 8000) throw new Error(answer ? (await answer.json()).error.message : "no answer");
    await new Promise(resolve => setTimeout(resolve, wait * (0.5 + Math.random() / 2)));
  }
}

async function join() {
  const issued = await fetchToken();
  uid = issued.uid;
  await client.join(APP_ID, issued.channel, issued.token, issued.uid);
}

async function publish() {
  tracks = await AgoraRTC.createMicrophoneAndCameraTracks();
  await client.publish(tracks);
}

client.on("user-published", async (user, kind) => {
  const track = await client.subscribe(user, kind);
  track.play(kind === "video" ? "remote" : undefined); // the id of an element
});

client.on("token-privilege-will-expire", async () => {
  const { token } = await fetchToken();
  await client.renewToken(token);
});

client.on("token-privilege-did-expire", async () => {
  await join();
  if (tracks.length) await client.publish(tracks);
});

async function leave() {
  for (const track of tracks) track.close();
  tracks = [];
  await client.leave();
}
