// Shows what Python writes about a pasted text. Shared by the token server and the static site.

import { byId } from "./shared.js";

const WAIT = 300; // ms without a keystroke
const ELEMENTS = "p|div|span|strong|code|pre|ul|li|table|thead|tbody|caption|tr|th|td|details|summary|wbr";
const TAG = new RegExp(`</?(?:${ELEMENTS})(?: (?:class|scope|role|tabindex|aria-label)="[^"<>]*"| open)*>`, "g");

/** Accepts elements that only show something. Python escapes the text, and here nothing else comes through. */
function createHTML(html) {
  return /[<>]/.test(html.replace(TAG, "")) ? "<p>The answer contains an element that it must not contain.</p>" : html;
}

const policy = globalThis.trustedTypes?.createPolicy("agora-inspection", { createHTML }) ?? { createHTML };

/** Explains the text in the page whenever it changes. `explain` returns {html}, or {error} with a message. */
export function start(explain) {
  const text = byId("text");
  let turn = 0; // only the answer about the last text is shown
  let timer;

  async function show() {
    const mine = ++turn;
    if (!text.value.trim()) return fill("", "Nothing pasted yet.");
    byId("status").textContent = "Reading …";
    const { html, error } = await explain(text.value.slice(0, Number(text.dataset.limit) + 1));
    if (mine !== turn) return;
    if (html === undefined) fill("", error?.message ?? "There is no answer. Try again."); // a proxy may have responded
    else fill(html, "");
  }

  function fill(html, problem) {
    byId("result").innerHTML = policy.createHTML(html);
    const answers = [...byId("result").querySelectorAll(".agora-answer > :last-child")].map(part => part.textContent);
    byId("status").textContent = problem || answers.join(" ");
    byId("status").classList.toggle("unseen", !problem); // the answers themselves are below
  }

  function change(value) {
    text.value = value;
    text.focus();
    show();
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, WAIT);
  });
  for (const button of document.querySelectorAll("[data-example]")) {
    button.addEventListener("click", () => change(button.dataset.example));
  }
  byId("clear").addEventListener("click", () => change(""));
  byId("key")?.addEventListener("change", show);
  document.querySelector("form").addEventListener("submit", event => {
    event.preventDefault();
    show();
  });
  show();
}
