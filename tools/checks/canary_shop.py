"""A market in which everything is on, its partners' stand-ins, a service of it and a collector."""

import gzip
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from pratique.assessment.candidates import offer
from pratique.features.packs import find_packs, packaged, read_pack
from pratique.filing.approvals import approval_of, keep_approval
from pratique.filing.filings import Filed, Filing, keep_filing
from pratique.partners.standins.server import Running
from pratique.rollout import steps
from pratique.rollout.pack_steps import begin
from pratique.serving.variant import digest_of, frozen
from pratique.store import snapshots
from pratique.web.serve import free_port
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

PACKS = {name: read_pack(folder) for name, folder in find_packs([packaged()]).items()}
BY = ("deepseek/deepseek-flash", "alibaba/qwen3.8-max")
"""Who answers: the features take turns."""


RULES = ("embedded/rules", "embedded/ppocr")
"""Who answers well where success matters: what the rules cannot see, the other reads."""


def partner_of(feature: str) -> str:
    """Return which partner answers *feature*."""
    return BY[list(PACKS).index(feature) % 2]


def rules_of(feature: str) -> str:
    """Return which of our own answers *feature*."""
    return RULES[feature == "vision_ask"]


class Collector:
    """Takes what is sent to it: a collector of traces on loopback."""

    def __init__(self) -> None:
        taken: list[bytes] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                packed = self.headers.get("Content-Encoding") == "gzip"
                taken.append(gzip.decompress(body) if packed else body)
                taken.append(str(self.headers).encode())
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.taken = taken
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1/traces"

    def __enter__(self) -> "Collector":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class Shop(NamedTuple):
    """What a check works with."""

    opened: Opened
    """The workspace."""
    place: Path
    """Folder that holds all that the service can write to: workspace, temporary files, home."""
    partners: tuple[Running, ...]
    """The partners' stand-ins."""
    collector: Collector
    """Where spans go."""

    @property
    def folder(self) -> Path:
        """The workspace's folder."""
        return self.opened.workspace.folder

    def heard(self) -> bytes:
        """Return everything that reached a partner, heads and bodies."""
        return b"\n".join(
            f"{one.path} {dict(one.headers)} {json.dumps(one.body, ensure_ascii=False)}".encode()
            for partner in self.partners
            for one in partner.seen
        )


@contextmanager
def shop(place: Path, answers: Callable[[str], str] = partner_of) -> Iterator[Shop]:
    """Make a market of every feature and locale, each released to everybody, by whom *answers* says."""
    with ExitStack() as stack:
        partners = tuple(
            stack.enter_context(Running(name.partition("/")[0], key=f"key-{name}")) for name in BY
        )
        collector = stack.enter_context(Collector())
        opened = Opened(init(place / "shop", rehearsal=True), who="ada")
        stack.callback(opened.close)
        _settings(opened.workspace.folder, partners, collector)
        opened.close()
        opened = Opened(_reopened(opened), who="ada")
        begin(opened)
        _released(opened, answers)
        yield Shop(opened, place, partners, collector)
        opened.close()


def _reopened(opened: Opened):  # type: ignore[no-untyped-def]
    from pratique.settings.workspace import open_workspace

    return open_workspace(opened.workspace.folder)


def _settings(folder: Path, partners: tuple[Running, ...], collector: Collector) -> None:
    market = folder / "markets" / "CN.toml"
    words = {
        "features": json.dumps(list(PACKS)),
        "locales": '["en", "zh-Hans", "zh-Hant"]',
        "candidates": json.dumps(BY + RULES),
    }
    lines, skipping = [], False
    for line in market.read_text().splitlines():
        name = line.partition("=")[0].strip()
        if name in words:
            lines.append(f"{name} = {words[name]}")
            skipping = "[" in line and "]" not in line
        elif skipping:
            skipping = "]" not in line
        else:
            lines.append(line)
    market.write_text("\n".join(lines) + "\n")
    with (folder / "pratique.toml").open("a") as file:
        file.write("\n[serve.limits]\ndevice_per_minute = 0\n")
        file.write(f'\n[telemetry]\notlp = "{collector.url}"\n')
        for name, partner in zip(BY, partners, strict=True):
            own = name.partition("/")[0]
            file.write(f'\n[partners.{own}]\nbase_url = "{partner.base_url}"\n')


def _released(opened: Opened, answers: Callable[[str], str]) -> None:
    variants = [
        one
        for one in offer(opened.workspace, "CN").variants
        if one.candidate == answers(one.feature)
    ]
    with opened.ledger.decision(
        who="ada", kind="filing.built", subject="CN-1", body={}
    ) as connection:
        filing = Filing(
            id="CN-1",
            market="CN",
            regime="cn-cac",
            state="draft",
            simulated=True,
            selection="selection-1",
            pack="filings/CN-1",
            manifest_sha256="0" * 64,
            created="2026-11-02T10:00:00.000000Z",
            variants=tuple(
                Filed(
                    feature=one.feature,
                    locale=one.locale,
                    digest=snapshots.put(connection, frozen(one), "variant"),
                )
                for one in variants
            ),
        )
        keep_filing(connection, filing)
        today = opened.clock().date()
        approval = approval_of(
            filing,
            workspace=opened.workspace.configuration.name,
            rehearsal=True,
            number="REHEARSAL-1",
            issued=today,
            expires=today + timedelta(days=90),
            document_sha256="a" * 64,
            entered_by="ada",
        )
        keep_approval(connection, approval, opened.key)
    rules = steps.gate_rules(opened, "CN")
    for one in variants:
        found = steps.start(opened, rules, digest_of(one))
        for _ in found.stages[1:]:
            steps.advance(opened, "CN", one.feature, one.locale)


class RunningService(NamedTuple):
    """A service that runs."""

    port: int
    """Its port on loopback."""
    process: "subprocess.Popen[bytes]"
    """Its process."""

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = {}
    ) -> tuple[int, bytes]:
        """Ask once, from an address of its own, and return status and body."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(CLIENT, 0)
        )
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


CLIENT = "127.0.0.77"
"""Address that all clients ask from."""


@contextmanager
def service(found: Shop, *, mistake: str = "") -> Iterator[RunningService]:
    """Run a service whose every output lands in the shop's place; end it as an operator would."""
    port = free_port("127.0.0.1", 0)
    command = [sys.executable, "-X", "faulthandler"]
    if mistake:
        script = Path(__file__).with_name("patched_service.py")
        command += [str(script), str(found.folder), str(port), mistake]
    else:
        command += ["-m", "pratique", "serve", "--workspace", str(found.folder)]
        command += ["--port", str(port)]
    for name in ("temporary", "home"):
        (found.place / name).mkdir(exist_ok=True)
    own = {
        "TMPDIR": str(found.place / "temporary"),
        "HOME": str(found.place / "home"),
        "PYTHONPATH": str(Path("src").absolute()),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DASHSCOPE_API_KEY": "",
        "DEEPSEEK_API_KEY": "",
    }
    for name, partner in zip(
        ("DEEPSEEK_API_KEY", "DASHSCOPE_API_KEY"), found.partners, strict=True
    ):
        own[name] = partner.key
    with (found.place / "output.txt").open("ab") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            cwd=found.place / "home",
            env=os.environ | own,
            start_new_session=True,
            preexec_fn=_cores_allowed,
        )
    running = RunningService(port, process)
    try:
        _wait(running)
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _cores_allowed() -> None:
    """Let the process leave a core behind, unless it refuses to by itself."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def _wait(running: RunningService) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and running.process.poll() is None:
        try:
            if running.ask("GET", "/health/ready")[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the service did not come up")
