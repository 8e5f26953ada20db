// The app's own server: its page, Agora's Web SDK from npm, and the endpoint that issues tokens.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import agora from "agora-token";

const { AGORA_APP_ID, AGORA_APP_CERTIFICATE, PORT = "3000" } = process.env;
const LIFETIME = 3600; // seconds
const SDK = "node_modules/agora-rtc-sdk-ng/AgoraRTC_N-production.js";
const FILES = {
  "/": ["public/index.html", "text/html"],
  "/app.js": ["public/app.js", "text/javascript"],
  "/agora-rtc-sdk.js": [SDK, "text/javascript"],
};

/** Returns a token for one client. In a real app, check here who is asking, and decide the uid. */
function issue({ channel, uid = 1 + Math.floor(Math.random() * 0x7fffffff) }) {
  const token = agora.RtcTokenBuilder.buildTokenWithUid(
    AGORA_APP_ID, AGORA_APP_CERTIFICATE, channel, uid, agora.RtcRole.PUBLISHER, LIFETIME, LIFETIME);
  return { appId: AGORA_APP_ID, uid, token };
}

createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, "http://localhost");
    if (request.method === "POST" && pathname === "/token") {
      const answer = issue(JSON.parse(await text(request)));
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    } else if (FILES[pathname]) {
      const [file, type] = FILES[pathname];
      response.setHeader("content-type", `${type}; charset=utf-8`).end(await readFile(new URL(file, import.meta.url)));
    } else {
      response.writeHead(404).end();
    }
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
}).listen(Number(PORT), "127.0.0.1");
