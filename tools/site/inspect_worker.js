// Runs Python in a worker, from this site alone, and explains each text that the page posts.

import { loadPyodide } from "../static/pyodide/pyodide.mjs";

const RUNTIME = new URL("../static/pyodide/", import.meta.url).href;
const LOCK = `${RUNTIME}pyodide-lock.json`;
const NEEDED = ["agora-token-builder", "agora-helpers"]; // not the packages for panels and servers

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response;
}

async function loadInspection() {
  postMessage({ step: 1, doing: "Loading Python into this browser. The first time it takes some seconds …" });
  const pyodide = await loadPyodide({ indexURL: RUNTIME, lockFileURL: LOCK, packages: [] });
  postMessage({ step: 2, doing: "Loading agora_helpers …" });
  const { packages } = await (await load(LOCK)).json();
  for (const name of NEEDED) {
    pyodide.unpackArchive(await (await load(RUNTIME + packages[name].file_name)).arrayBuffer(), "wheel");
  }
  const inspection = pyodide.pyimport("agora_helpers.display.inspection");
  postMessage({ step: 3, doing: "" });
  return inspection.inspection_html;
}

const loaded = loadInspection().catch(error => {
  postMessage({ step: 0, doing: "Python did not load. Check the network, and reload the page." });
  throw error;
});

addEventListener("message", async ({ data: { number, text } }) => {
  const inspect = await loaded;
  postMessage({ number, html: inspect(text) });
});
