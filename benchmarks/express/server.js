// The token server that the classic Node tutorial leads to: node server.js 006|007, listening on PORT.
// 006 uses the package of that tutorial, 007 the one that followed it.
// With UIDS=100000 it chooses uids as that tutorial does: few, and 0 among them.
"use strict";

const express = require("express");

const { APP_ID, APP_CERTIFICATE, PORT = 3000, UIDS } = process.env;
const version = process.argv[2];
const agora = require({ "006": "agora-access-token", "007": "agora-token" }[version]);

const LIFETIME = 3600;
// 006 is told the moment at which the token ends, 007 the seconds that it lives.
const ends = () => (version === "006" ? Math.floor(Date.now() / 1000) + LIFETIME : LIFETIME);

const buildRtcToken = (channel, uid, role) =>
  agora.RtcTokenBuilder.buildTokenWithUid(APP_ID, APP_CERTIFICATE, channel, uid, role, ends(), ends());
const buildRtmToken = {
  "006": (user) => agora.RtmTokenBuilder.buildToken(APP_ID, APP_CERTIFICATE, user, agora.RtmRole.Rtm_User, ends()),
  "007": (user) => agora.RtmTokenBuilder.buildToken(APP_ID, APP_CERTIFICATE, user, ends()),
}[version];

const app = express();
app.use(express.json());

app.get("/", (request, response) => response.send("Agora Auth Token Server"));

app.post("/rtctoken", (request, response) => {
  const { channel, isPublisher } = request.body;
  const uid = UIDS ? Math.floor(Math.random() * UIDS) : 1 + Math.floor(Math.random() * (2 ** 31 - 1));
  const role = isPublisher ? agora.RtcRole.PUBLISHER : agora.RtcRole.SUBSCRIBER;
  response.json({ uid, token: buildRtcToken(channel, uid, role) });
});

app.post("/rtmtoken", (request, response) => {
  response.json({ token: buildRtmToken(request.body.user) });
});

app.listen(PORT, "127.0.0.1", () => console.log(`Agora Auth Token Server (${version}) on port ${PORT}`));
