// The app's page: joins a channel, renews its token, and shows errors.

const CHANNEL = "lobby";
const client = AgoraRTC.createClient({ mode: "rtc", codec: "vp8" });
const show = text => { document.querySelector("#status").textContent = text; };

async function getToken(client = {}) {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ channel: CHANNEL, ...client }),
  });
  return response.json();
}

client.on("token-privilege-will-expire", async () => {
  const { token } = await getToken({ uid: client.uid });
  await client.renewToken(token);
});
client.on("connection-state-change", (state, _, reason) => show(reason ? `${state}: ${reason}` : state));

document.querySelector("#join").addEventListener("click", async () => {
  try {
    const { appId, uid, token } = await getToken();
    await client.join(appId, CHANNEL, token, uid); // the uid that the token is for
  } catch (error) {
    show(`Cannot join. ${error.message}`);
  }
});
