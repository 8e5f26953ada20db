// Agora tokens inside an Express app: POST /calls/token with {"channel": "blue:standup"}.
// Your app's sign-in sets request.session.uid.
"use strict";

const cookieSession = require("cookie-session");
const express = require("express");
const { RtcRole, RtcTokenBuilder } = require("agora-token");

const { AGORA_APP_ID, AGORA_APP_CERTIFICATE, SESSION_SECRET = "", PORT = 3000 } = process.env;
const LIFETIME = 3600; // seconds, not a point in time
const TEAMS = { 1001: { blue: "publisher" }, 1002: { blue: "subscriber" } }; // by uid; in your app, the database
const CHANNEL = /^[a-zA-Z0-9 !#$%&()+\-:;<=.>?@[\]^_{}|~,]{1,63}$/; // what Agora allows; the package does not check it

// Without this check the package would return an empty string in place of each token.
for (const [name, value] of Object.entries({ AGORA_APP_ID, AGORA_APP_CERTIFICATE })) {
  if (!/^[0-9a-f]{32}$/i.test(value ?? "")) {
    stop(`${name}: must be 32 hexadecimal characters. Copy it from the project's page in the Agora Console.`);
  }
}
if (SESSION_SECRET.length < 32) stop("SESSION_SECRET: is missing, or has fewer than 32 characters. Create a random one.");

function stop(message) {
  console.error(message);
  process.exit(1);
}

// A user's role in a channel, or undefined: members of a team may join its channels, named team:topic.
function roleIn(channel, uid) {
  const teams = TEAMS[uid] ?? {};
  const team = channel.split(":")[0];
  return Object.hasOwn(teams, team) ? teams[team] : undefined;
}

const refuse = (response, status, field, message) =>
  response.status(status).json({ error: { field, message: `${field}: ${message}` } });

const app = express();
app.disable("x-powered-by");
app.use(cookieSession({ name: "session", keys: [SESSION_SECRET], sameSite: "lax", secure: true, maxAge: 8 * 3600_000 }));
app.use(express.json({ limit: "16kb" })); // only application/json, which a page of another origin cannot send

app.post("/calls/token", (request, response) => {
  const uid = request.session.uid;
  if (!Number.isInteger(uid) || uid < 1 || uid > 0xffffffff) { // the package would sign undefined as a user's name
    return refuse(response, 401, "session", "is missing. Sign in first.");
  }
  const { channel, ...others } = request.body ?? {};
  if (typeof channel !== "string" || Object.keys(others).length > 0) {
    return refuse(response, 400, "channel", "must be a string, and the only field: the server knows who you are.");
  }
  if (!CHANNEL.test(channel)) {
    return refuse(response, 400, "channel", "is too long, or contains a character that Agora does not allow.");
  }
  const role = roleIn(channel, uid);
  if (!role) return refuse(response, 403, "channel", "is not one that you may join.");
  const token = RtcTokenBuilder.buildTokenWithUid(
    AGORA_APP_ID, AGORA_APP_CERTIFICATE, channel, uid,
    role === "publisher" ? RtcRole.PUBLISHER : RtcRole.SUBSCRIBER,
    LIFETIME, // of the token
    LIFETIME, // of its privileges
  );
  response.set("Cache-Control", "no-store");
  response.json({ appId: AGORA_APP_ID, channel, uid, role, token, expiresIn: LIFETIME });
});

app.use((error, request, response, next) => { // four parameters make it Express's error handler
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  refuse(response, status, "request", status < 500 ? "is not valid JSON, or too large." : "failed on the server.");
});

const server = app.listen(PORT, "127.0.0.1", (error) => {
  if (error) stop(`PORT: ${error.message}`);
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
