"""The service as a process: it ends only when the answers that have begun are whole."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.conftest import grown

SERVER = """
import asyncio, sys
from contextlib import closing, contextmanager
from pathlib import Path
from pratique.web import listening, serve
from pratique.web.exchange import Exchange, Gone
from pratique.web.front import Front
from pratique.web.service import open_service

async def slow(front, scope, receive, send):
    front.service.gatekeeper.enter()
    try:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for number in range(8):
            body = b"%d\\n" % number
            await send({"type": "http.response.body", "body": body, "more_body": True})
            await asyncio.sleep(0.1)
        await send({"type": "http.response.body", "body": b"end", "more_body": False})
    finally:
        front.service.gatekeeper.leave()

async def endless(front, scope, receive, send):
    front.service.gatekeeper.enter()
    try:
        await Exchange(scope, receive, send).while_there(asyncio.Event().wait())
    except Gone:
        pass
    finally:
        front.service.gatekeeper.leave()

answer = Front.__call__
async def call(front, scope, receive, send):
    if scope["type"] == "http" and scope["path"] == "/slow":
        await slow(front, scope, receive, send)
    elif scope["type"] == "http" and scope["path"] == "/endless":
        await endless(front, scope, receive, send)
    else:
        await answer(front, scope, receive, send)
Front.__call__ = call
listening._HEAD_SECONDS = 0.2
listening._IDLE_SECONDS = 2
serve.run(Path(sys.argv[1]), "CN", "127.0.0.1", int(sys.argv[2]))
"""
"""The service, with an address that takes its time, one that never answers, and little patience for
heads and for silence."""


@contextmanager
def get(port: int, path: str) -> Iterator[http.client.HTTPResponse]:
    """Ask on a connection of its own."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        with connection.getresponse() as answer:
            yield answer


def status_of(port: int, path: str) -> int:
    """Return the status of the answer alone."""
    with get(port, path) as answer:
        return answer.status


@contextmanager
def running(folder: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """Run the service."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-c", SERVER, str(folder), str(port)]
    process = subprocess.Popen(
        command, env=os.environ | {"PYTHONPATH": str(Path("src").absolute())}
    )
    try:
        up(port, process)
        yield port, process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def small(new_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running service that takes two requests at once."""
    folder = grown(new_shop, tmp_path_factory.mktemp("small"), lambda _: None)
    settings = folder / "pratique.toml"
    settings.write_text(settings.read_text() + "\n[serve.limits]\nconcurrent_requests = 2\n")
    with running(folder) as (port, _):
        yield port


def up(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until it answers."""
    end, pause = time.monotonic() + 60, threading.Event()
    while time.monotonic() < end and process.poll() is None:
        try:
            if status_of(port, "/health/ready") == 200:
                return
        except OSError:
            pause.wait(0.02)  # not listening yet
    raise AssertionError("the service did not come up")


def test_an_answer_that_has_begun_comes_to_its_end(new_folder: Path) -> None:
    """After SIGTERM nothing new is taken, the open stream is whole, and the process ends with 0."""
    with running(new_folder) as (port, process):
        with get(port, "/slow") as stream:
            assert stream.readline() == b"0\n"
            process.send_signal(signal.SIGTERM)
            while status_of(port, "/health/ready") != 503:
                pass
            with get(port, "/v1/models") as refused:
                assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
            rest = b"".join(b"%d\n" % number for number in range(1, 8))
            assert stream.read() == rest + b"end"
        assert process.wait(timeout=20) == 0


def said(port: int, *parts: bytes) -> bytes:
    """Return all that the server says to *parts* on one connection, until it closes that."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        try:
            for part in parts:
                connection.sendall(part)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionResetError:
            return b""


def test_what_is_no_request_ends_its_connection(small: int) -> None:
    """Heads are bounded in size and time; others are answered as before."""
    port = small
    line = b"GET /health/live HTTP/1.1\r\nHost: here\r\n"
    assert said(port, b"no request at all\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    assert said(port, line).startswith(b"HTTP/1.1 408 ")
    assert said(port, line + b"X: ").startswith(b"HTTP/1.1 408 ")
    huge = [b"X-%d: %s\r\n" % (number, b"x" * 8000) for number in range(9)]
    assert said(port, line, *huge).startswith(b"HTTP/1.1 431 ")
    assert said(port, line + b"Connection: close\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_connection_too_many_is_closed(small: int) -> None:
    """Four for each request that may run at once."""
    with ExitStack() as stack:
        for _number in range(8):
            stack.enter_context(socket.create_connection(("127.0.0.1", small)))
        assert said(small, b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n") == b""


def test_the_service_needs_neither_extras_nor_writers_of_documents() -> None:
    """It starts where only the packages without extras are installed, and loads what it uses."""
    unused = ("alembic", "docx", "opentelemetry", "rich", "xlsxwriter")
    code = f"""
import sys
class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in {unused}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import pratique.web.serve
"""
    found = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(Path("src").absolute())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr


def test_nobody_works_for_a_client_that_went_away(small: int) -> None:
    """Two endless requests fill the service; once their clients have gone it takes others again."""
    pause = threading.Event()
    with ExitStack() as clients:
        for _ in range(2):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", small)))
            client.sendall(b"GET /endless HTTP/1.1\r\nHost: here\r\n\r\n")
        while status_of(small, "/v1/models") != 503:
            pause.wait(0.01)
    while status_of(small, "/v1/models") == 503:
        pause.wait(0.01)


def test_a_connection_that_rests_for_too_long_is_closed(small: int) -> None:
    """Not between requests that follow each other, and not while one is answered."""
    with closing(http.client.HTTPConnection("127.0.0.1", small, timeout=30)) as connection:
        for path in ("/health/live", "/slow", "/health/live"):
            connection.request("GET", path)
            with connection.getresponse() as answer:
                assert answer.status == 200 and answer.read()
        assert connection.sock.recv(1) == b""
