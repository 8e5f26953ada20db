// Reads one JSON list of requests from standard input and writes the list of answers.
// A request builds a token with Agora's own code, or reads one and says what that code sees.
"use strict";

const access = require("agora-access-token");
const { AccessToken: AccessToken006 } = require("agora-access-token/src/AccessToken");
const token = require("agora-token");
const { AccessToken2 } = require("agora-token/src/AccessToken2");

const text = (value) => value.toString();

const build = {
  "006": (r) =>
    r.user !== undefined
      ? access.RtmTokenBuilder.buildToken(r.appId, r.certificate, r.user, 1, r.expiresAt)
      : access.RtcTokenBuilder.buildTokenWithAccount(r.appId, r.certificate, r.channel, r.uid, r.role, r.expiresAt),
  chat: (r) =>
    r.user !== undefined
      ? token.ChatTokenBuilder.buildUserToken(r.appId, r.certificate, r.user, r.lifetime)
      : token.ChatTokenBuilder.buildAppToken(r.appId, r.certificate, r.lifetime),
  both: (r) =>
    token.RtcTokenBuilder.buildTokenWithRtm(
      r.appId, r.certificate, r.channel, r.uid, r.role, r.lifetime, r.lifetime),
  convoai: (r) =>
    token.ConvoAITokenBuilder.buildToken(
      r.appId, r.certificate, r.channel, r.uid, 1, r.lifetime, r.lifetime, r.lifetime, r.lifetime, r.lifetime,
      r.uid, r.lifetime),
  "007": (r) =>
    r.user !== undefined
      ? token.RtmTokenBuilder.buildToken(r.appId, r.certificate, r.user, r.lifetime)
      : token.RtcTokenBuilder.buildTokenWithUserAccount(
          r.appId, r.certificate, r.channel, r.uid, r.role, r.lifetime, r.lifetime),
};

const read = {
  // 006 has no check of signatures: build again with the same salt and time, and compare.
  "006": (r) => {
    const seen = new AccessToken006("", "", "", 0);
    const parsed = seen.fromString(r.token);
    const again = new AccessToken006(r.appId, r.certificate, r.channel, r.uid);
    Object.assign(again, { salt: seen.salt, ts: seen.ts, messages: seen.messages });
    return { parsed, verified: again.build() === r.token, privileges: seen.messages };
  },
  "007": (r) => {
    const seen = new AccessToken2("", "", 0, 0);
    const parsed = seen.from_string(r.token);
    const services = Object.values(seen.services).flat().map((service) => ({
      type: service.__type,
      privileges: service.__privileges,
      channel: service.__channel_name && text(service.__channel_name),
      uid: service.__uid && text(service.__uid),
      user: service.__user_id && text(service.__user_id),
    }));
    return { parsed, verified: seen.verifySignature(r.certificate), expire: seen.expire, services };
  },
};

const requests = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = requests.map((r) => (r.token === undefined ? build[r.kind ?? r.version](r) : read[r.version](r)));
process.stdout.write(JSON.stringify(answers));
