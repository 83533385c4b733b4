"""A client of the service, and the service as a process of its own."""

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from pratique.errors import Unavailable

PATIENCE = 60.0
"""Longest time that the service may take to come up, in seconds."""

_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What the service answered."""

    status: int
    """HTTP status."""
    body: Mapping[str, object]
    """The body, decoded."""

    @property
    def word(self) -> str:
        """The problem's code, or the envelope's status."""
        return str(self.body.get("code") or self.body.get("status"))


class Caller:
    """Calls the service on a port of this machine, as a phone's back end would."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def address(self) -> str:
        """Where the service is."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, feature: str, body: Mapping[str, object]) -> Heard:
        """POST *body* to the feature and return what came back."""
        return self._request("POST", f"/v1/features/{feature}", msgspec.json.encode(body))

    def get(self, path: str) -> Heard:
        """GET *path* and return what came back."""
        return self._request("GET", path, None)

    def _request(self, method: str, path: str, body: bytes | None) -> Heard:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"Content-Type": "application/json"} if body else {}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Heard(status=answer.status, body=msgspec.json.decode(answer.read()))
        finally:
            connection.close()


@contextmanager
def running(workspace: Path, market: str) -> Iterator[Caller]:
    """Run `pratique serve` on a free port of this machine, and stop it afterwards.

    Raises:
        Unavailable: it does not come up.
    """
    command = [
        sys.executable,
        "-m",
        "pratique",
        "serve",
        "--workspace",
        str(workspace),
        "--market",
        market,
        "--port",
        "0",
    ]
    log = workspace / "state" / "service.log"
    with log.open("wb") as output:
        # A group of its own, so that the server's worker ends with it.
        process = subprocess.Popen(
            command, stderr=output, stdout=output, stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        yield _up(process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _up(process: "subprocess.Popen[bytes]", log: Path) -> Caller:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        found = _ADDRESS.search(log.read_text(errors="replace"))
        if found:
            caller = Caller(int(found[1]))
            try:
                if caller.get("/health/ready").status == 200:
                    return caller
            except (OSError, http.client.HTTPException):
                pass  # not listening yet
        time.sleep(0.1)
    raise Unavailable("the service did not come up", hint=f"`{log}` says why")
