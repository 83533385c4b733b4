"""The service and its upstream as processes of their own, on cores of their own, and what they use."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench.load import Figures
from bench.shop import Shop
from pratique.web.serve import free_port

ROOT = Path(__file__).parents[1]
YARDSTICK = ROOT.parent / "shared" / "bench" / "gateway"
"""A mock upstream and peers' configurations, where the machine has them."""
SERVICE_CORE, LOAD_CORE = 0, 1
"""Cores that processes are held to."""

INTERPRETER = "PRATIQUE_BENCH_PYTHON"
"""Variable that names another Python for the service: how one was built decides what it costs."""

_TICK = os.sysconf("SC_CLK_TCK")


class Process:
    """A process that is measured."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self._process = process
        self.port = port
        """Where it listens."""

    @property
    def pid(self) -> int:
        """Its id."""
        return self._process.pid

    def cpu(self) -> float:
        """Return the seconds of CPU that it has used, its own and the kernel's for it."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    def memory(self) -> float:
        """Return its proportional set size, in MB."""
        text = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0

    def metrics(self) -> str:
        """Return what its `/metrics` says; empty where there is none."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", "/metrics")
        with connection.getresponse() as answer:
            return answer.read().decode() if answer.status == 200 else ""


def pinned(core: int, *command: str) -> list[str]:
    """Return *command*, held to one core."""
    return ["taskset", "-c", str(core), *command]


def _environment() -> dict[str, str]:
    # The packages too: the service may run on another interpreter than this one.
    return os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}:{sysconfig.get_path('purelib')}"}


def interpreter() -> str:
    """Return the Python that the service runs on: this one, or another of the same version."""
    return os.environ.get(INTERPRETER, sys.executable)


@contextmanager
def upstream(*options: str, core: int = LOAD_CORE) -> Iterator[Process]:
    """Run `bench.upstream` with *options*."""
    process = subprocess.Popen(
        pinned(core, sys.executable, "-m", "bench.upstream", *options),
        env=_environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Process(process, int(process.stdout.readline()))
    finally:
        _end(process)


@contextmanager
def mock(*, first: float = 0.0, gap: float = 0.0) -> Iterator[Process]:
    """Run the mock upstream of the yardstick; ours, which answers alike, where it is absent."""
    script = YARDSTICK / "mock_upstream.py"
    if not script.is_file():
        with upstream(f"--first={first}", f"--gap={gap}") as found:
            yield found
        return
    port = free_port("127.0.0.1", 0)
    process = subprocess.Popen(
        pinned(
            LOAD_CORE,
            sys.executable,
            str(script),
            f"--port={port}",
            f"--ttft-ms={1000 * first}",
            f"--gap-ms={1000 * gap}",
        ),
        text=True,
    )
    try:
        _until_open(port)
        yield Process(process, port)
    finally:
        _end(process)


def _until_open(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the upstream did not come up")


@contextmanager
def passthrough(upstream_port: int, core: int = SERVICE_CORE) -> Iterator[Process]:
    """Run `bench.passthrough` where the service runs, on the same Python."""
    port = free_port("127.0.0.1", 0)
    command = ("-m", "bench.passthrough", str(port), str(upstream_port))
    process = subprocess.Popen(
        pinned(core, interpreter(), *command), env=_environment(), cwd=ROOT, text=True
    )
    try:
        _until_open(port)
        yield Process(process, port)
    finally:
        _end(process)


@contextmanager
def service(shop: Shop, core: int = SERVICE_CORE) -> Iterator[Process]:
    """Run `pratique serve` on *shop*.

    Raises:
        RuntimeError: it does not come up.
    """
    log = shop.folder / "state" / "service.log"
    command = ("-m", "pratique", "serve", "--workspace", str(shop.folder), "--port", "0")
    with log.open("w") as output:
        process = subprocess.Popen(
            pinned(core, interpreter(), *command),
            env=_environment(),
            stdout=output,
            stderr=output,
            text=True,
        )
    try:
        yield Process(process, _up(process, log))
    finally:
        _end(process)


def _up(process: "subprocess.Popen[str]", log: Path) -> int:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:(\d+)", log.read_text())
        if found and _ready(int(found[1])):
            return int(found[1])
        time.sleep(0.1)
    raise RuntimeError(f"the service did not come up: {log.read_text()[-2000:]}")


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end(process: "subprocess.Popen[str]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=40)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def request(path: str, headers: Mapping[str, str], body: object, port: int) -> bytes:
    """Return one whole HTTP request."""
    data = msgspec.json.encode(body)
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def loaded(
    port: int,
    request: bytes,
    *,
    connections: int,
    seconds: float = 3600.0,
    each: int = 10**9,
    pause: float = 0.0,
) -> Figures:
    """Load *port* from a process of its own, on its own core, and return what that saw."""
    with loading(port, request, connections, seconds, each, pause) as process:
        out, _ = process.communicate()
    return msgspec.json.decode(out, type=Figures)


@contextmanager
def loading(
    port: int, request: bytes, connections: int, seconds: float, each: int, pause: float
) -> Iterator["subprocess.Popen[bytes]"]:
    """Begin a load; what it prints at its end are `Figures`."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(request)
        file.flush()
        command = (
            "-m",
            "bench.load",
            f"--port={port}",
            f"--request={file.name}",
            f"--connections={connections}",
            f"--seconds={seconds}",
            f"--each={each}",
            f"--pause={pause}",
        )
        process = subprocess.Popen(
            pinned(LOAD_CORE, sys.executable, *command),
            env=_environment(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
