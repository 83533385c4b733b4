"""The halt drill: two real services on one store; each decision counts on both within two seconds."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from bench.gate import DEVICE, filed
from pratique.cli.output import say
from pratique.rollout import steps
from pratique.rollout.halts import Scope
from pratique.web.serve import free_port
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

WITHIN = 2.0
FEATURE, LOCALE = "summarize", "en"
QUERY = (
    f"/v1/features/{FEATURE}/availability?locale={LOCALE}&device_region=CN&account_region=CN"
    f"&targeting_key={DEVICE.targeting_key}"
)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """A workspace with eight releases, each at its last stage."""
    found = Opened(init(tmp_path / "shop", rehearsal=True), who="ada")
    filed(found)
    yield found
    found.close()


def reason(port: int) -> str:
    """Ask a service whether the feature is on: `yes`, or why not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", QUERY)
        answer = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    return "yes" if answer["available"] else str(answer["reason"])


@contextmanager
def services(folder: Path, count: int) -> Iterator[list[tuple[int, "subprocess.Popen[bytes]"]]]:
    """Run services of the workspace, each a process of its own on a port of its own."""
    running = []
    for _ in range(count):
        port = free_port("127.0.0.1", 0)
        command = [sys.executable, "-m", "pratique", "serve", "--workspace", str(folder)]
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
        )
        running.append((port, process))
    try:
        for port, _ in running:
            wait(partial(listens, port), 60)
        yield running
    finally:
        for _, process in running:
            process.terminate()
        for _, process in running:
            process.wait(timeout=30)


def listens(port: int) -> bool:
    """Say whether the service answers."""
    try:
        reason(port)
    except (OSError, http.client.HTTPException):
        return False
    return True


def all_say(ports: list[int], expected: str) -> bool:
    """Say whether every service gives the same answer."""
    return all(reason(port) == expected for port in ports)


def wait(is_so: Callable[[], bool], within: float) -> float:
    """Wait until something is so and return how long it took; fail when it takes too long."""
    started = time.monotonic()
    while not is_so():
        assert time.monotonic() - started < within, f"not within {within} s"
        time.sleep(0.02)
    return time.monotonic() - started


def test_a_halt_and_its_end_count_on_both_replicas_within_two_seconds(opened: Opened) -> None:
    """Ordered by a third process, ten times; the time is counted from the decision's commit."""
    scope = Scope(feature=FEATURE)
    with services(opened.workspace.folder, 2) as running:
        ports = [port for port, _ in running]
        assert [reason(port) for port in ports] == ["yes", "yes"]
        took = []
        for _ in range(10):
            steps.order_halt(opened, "CN", scope, "drill")
            took.append(wait(partial(all_say, ports, "feature_halted"), WITHIN))
            steps.lift_halt(opened, "CN", scope)
            took.append(wait(partial(all_say, ports, "yes"), WITHIN))
    say(f"halt drill: {len(took)} decisions, slowest on both replicas after {max(took):.2f} s")
