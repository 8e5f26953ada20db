// Runs before Agora's SDK: sends the SDK's requests to this server instead of Agora, and tells the page who was admitted.
// Only functions of the browser are wrapped; the SDK is unmodified.

"use strict";

(() => {
  const parseAgora = address => {
    const url = new URL(address, location.href);
    return /\.(agora\.io|sd-rtn\.com)$/.test(url.hostname) ? url : null;
  };

  /** Maps an address of Agora to one of this server, and returns any other unchanged. */
  const redirected = address => {
    const url = parseAgora(address);
    if (!url) return address;
    if (url.pathname.includes("/transpond/")) document.dispatchEvent(new Event("practice-requested"));
    return new URL(`ap/${url.hostname}${url.pathname}${url.search}`, document.baseURI).href;
  };

  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    return open.call(this, method, redirected(address), ...rest);
  };

  const { fetch } = window;
  window.fetch = (resource, options) =>
    resource instanceof Request ? fetch(new Request(redirected(resource.url), resource), options) : fetch(redirected(resource), options);

  const sendBeacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (address, data) => sendBeacon(redirected(address), data);

  /** An admitted client opens a WebSocket to a media server. There is none here, so this one never opens. */
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
