"""Serve: the current release on this machine's loopback, for looking at it in a browser.

Here lives a small file server that follows the pointer, so that a new release shows at once. It is for the data
team's own machine, not for schools: see docs/publish.md for where releases go.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ingest.home import Home
from orchestration.release import find_current

LOOPBACK = "127.0.0.1"
# One audience at a time: all packs together are nobody's.
PARTS = re.compile(r"site|ops|extracts|packs/\d{6}")


def make_server(home: Home, part: str, port: int) -> ThreadingHTTPServer:
    """Return a server of one part of the current release on loopback (port 0: any free one).

    Raises FileNotFoundError when there is no release or it has no such part.
    """
    find_part(home, part)

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            self.directory = str(find_part(home, part))
            return super().translate_path(path)

        def end_headers(self) -> None:
            self.send_header("Cache-Control", "no-store")
            super().end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: what is looked at is nobody's business."""

    return ThreadingHTTPServer((LOOPBACK, port), Handler)


def find_part(home: Home, part: str) -> Path:
    """Return the folder of one part (site, ops, packs/URN) of the current release."""
    current = find_current(home)
    if current is None:
        raise FileNotFoundError("There is no release yet. Run `plumbline refresh` first.")
    folder = home.releases / current.release_id / part
    if not PARTS.fullmatch(part) or not folder.is_dir():
        raise FileNotFoundError(f"The release has no part {part!r}. Its parts are site, ops, extracts and packs/URN.")
    return folder


def serve_release(home: Home, part: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted."""
    with make_server(home, part, port) as server:
        say(f"Showing {part} of the current release at http://{LOOPBACK}:{server.server_port}/  (stop with Ctrl+C)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            say("Stopped.")
