// Runs before Agora's SDK: whatever the SDK asks Agora goes to this server instead, and it is told who was let in.
// Only the browser's own functions are wrapped; the SDK stays as it is.

"use strict";

(() => {
  const asAgora = address => {
    const url = new URL(address, location.href);
    return /\.(agora\.io|sd-rtn\.com)$/.test(url.hostname) ? url : null;
  };

  /** Here, for one of Agora's addresses; any other one as it is. */
  const redirected = address => {
    const url = asAgora(address);
    if (!url) return address;
    if (url.pathname.includes("/transpond/")) document.dispatchEvent(new Event("practice-asked"));
    return new URL(`ap/${url.hostname}${url.pathname}${url.search}`, document.baseURI).href;
  };

  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    return open.call(this, method, redirected(address), ...rest);
  };

  const { fetch } = window;
  window.fetch = (asked, options) =>
    asked instanceof Request ? fetch(new Request(redirected(asked.url), asked), options) : fetch(redirected(asked), options);

  const sendBeacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (address, data) => sendBeacon(redirected(address), data);

  /** Whoever is let in opens a WebSocket to a media server. There is none here: this one stays on its way. */
  window.WebSocket = class extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSING = 2;
    static CLOSED = 3;

    constructor(address) {
      super();
      this.url = String(address);
      this.readyState = 0;
      document.dispatchEvent(new CustomEvent("practice-admitted", { detail: this.url }));
    }

    send() {}

    close() {
      this.readyState = 3;
    }
  };
})();
