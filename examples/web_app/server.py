"""The app's server: its page, Agora's Web SDK from npm, and ``POST /token``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from agora_helpers import Credentials, InputError, build_rtc_token

FOLDER = Path(__file__).parent
FILES = {
    "/": ("index.html", "text/html"),
    "/app.js": ("app.js", "text/javascript"),
    "/agora-rtc-sdk.js": ("node_modules/agora-rtc-sdk-ng/AgoraRTC_N-production.js", "text/javascript"),
}
CHANNEL, UID = "lobby", 7


def create_token(credentials: Credentials, now: int) -> str:
    """Return a token for the user. A real server knows from its session who asks, and decides who may join."""
    return build_rtc_token(credentials, CHANNEL, uid=UID, role="publisher", expires_in=3600, now=now)


def create_server(
    credentials: Credentials, *, port: int = 0, now: Callable[[], float] = time.time
) -> ThreadingHTTPServer:
    """Return the server, listening on this machine. A test passes ``now``, so that tokens go by its clock."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name, kind = FILES.get(self.path, ("", ""))
            if name:
                self.respond(200, (FOLDER / name).read_bytes(), kind)
            else:
                self.respond(404, b"not found", "text/plain")

        def do_POST(self) -> None:
            try:
                token = create_token(credentials, int(now()))
            except InputError as error:
                self.respond(500, json.dumps({"error": str(error)}).encode(), "application/json")
            else:
                body = {"appId": credentials.app_id, "channel": CHANNEL, "uid": UID, "token": token}
                self.respond(200, json.dumps(body).encode(), "application/json")

        def respond(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            """Keep the test's output short."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


if __name__ == "__main__":
    create_server(Credentials.from_env(), port=3000).serve_forever()
