// Runs before Agora's SDK: sends the SDK's requests to this server instead of Agora, WebSockets included, and tells the page who was admitted.
// Only functions of the browser are wrapped; the SDK is unmodified.

"use strict";

(() => {
  const server = document.baseURI; // agora-helpers practice writes its own address here, for pages of other origins

  const parseAgora = address => {
    try {
      const url = new URL(address, server); // an address without a host is not Agora's, whatever the page's own address is
      return /\.(agora\.io|sd-rtn\.com)$/.test(url.hostname) ? url : null;
    } catch {
      return null; // the browser rejects it in its own way
    }
  };

  /** Maps an address of Agora to one of this server, and returns any other unchanged. */
  const redirected = address => {
    const url = parseAgora(address);
    if (!url) return address;
    if (url.pathname.includes("/transpond/")) document.dispatchEvent(new Event("practice-requested"));
    return new URL(`ap/${url.hostname}${url.pathname}${url.search}`, server).href;
  };

  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    return open.call(this, method, redirected(address), ...rest);
  };

  const { fetch } = window;
  window.fetch = (resource, options) => {
    if (!(resource instanceof Request)) return fetch(redirected(resource), options);
    const address = redirected(resource.url);
    return fetch(address === resource.url ? resource : new Request(address, resource), options); // a copy's body is a stream
  };

  const sendBeacon = navigator.sendBeacon.bind(navigator);
  navigator.sendBeacon = (address, data) => sendBeacon(redirected(address), data);

  /** The SDK's WebSocket to a media server of Agora leads to this server instead: ap/HOST/ws/PORT. */
  const { WebSocket } = window;
  window.WebSocket = class extends WebSocket {
    constructor(address, ...protocols) {
      const url = parseAgora(address);
      if (!url) {
        super(address, ...protocols);
        return;
      }
      const here = new URL(`ap/${url.hostname}/ws/${url.port || 443}`, server);
      here.protocol = here.protocol === "https:" ? "wss:" : "ws:";
      super(here.href, ...protocols);
      document.dispatchEvent(new CustomEvent("practice-admitted", { detail: String(address) }));
    }
  };
})();
