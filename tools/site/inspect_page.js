// The page of the static site: Python explains the text, in a worker of this browser.

import { start } from "./inspection.js";
import { byId } from "./shared.js";

const createScriptURL = () => new URL("inspect_worker.js", import.meta.url).href;
const policy = globalThis.trustedTypes?.createPolicy("agora-worker", { createScriptURL }) ?? { createScriptURL };
const worker = new Worker(policy.createScriptURL(""), { type: "module" });
const waiting = new Map(); // for the answer to each text, by its number
let last = 0;

worker.addEventListener("message", ({ data: { step, doing, number, html } }) => {
  if (number) {
    waiting.get(number)({ html });
    waiting.delete(number);
    return;
  }
  byId("doing").textContent = doing;
  byId("loading").hidden = !doing;
  byId("progress").hidden = !step;
  byId("progress").value = step;
});

start(text => new Promise(resolve => {
  waiting.set(++last, resolve);
  worker.postMessage({ number: last, text });
}));
