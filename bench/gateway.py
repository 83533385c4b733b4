"""What a call through the service costs, measured from outside: `python -m bench.gateway`.

The service is a real process on core 0 with a rehearsal workspace; load and upstream run on core 1.
CPU is the user and system time of the service's process over the requests that it answered: the
steadiest figure on a machine that others use as well. `other` says what the rest of the machine
used meanwhile, in cores: requests a second and times mean little where it is not near 0.
`--peers` runs the yardstick beside the repository on gateways that are installed (see its README).
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

import msgspec

from bench.load import Figures
from bench.served import (
    INTERPRETER,
    YARDSTICK,
    Process,
    loaded,
    mock,
    passthrough,
    request,
    service,
    upstream,
)
from bench.shop import PHRASES, TALK, TYPED, Shop, open_shop

CHAT = "/v1/chat/completions"
ASKED = [
    {"role": "system", "content": "You are brief."},
    {"role": "user", "content": "x" * 200},
]
TEXTS = {
    "en": (
        "The meeting has moved to room five on Friday at 3 pm; please bring last week's report. "
        "Lunch is at one, tell Ines.",
        "The meeting has moved to room five on Friday at 3 pm",
    ),
    "zh-Hans": (
        "今天下午三点的会议改到五楼会议室，请大家提前十分钟到场，带好上周的报表和投影用的资料。"
        "会后一起去食堂吃饭，想点菜的人请在群里告诉小林，他会提前订好位子，不用再排队等候。"
        "如果临时有事不能来，请在两点以前跟我说一声，我好安排别人代替发言。",
        "今天下午三点的会议改到五楼会议室",
    ),
}
"""Texts to summarize and their summaries, which pass the checks."""
BARS = {
    "plain cpu": 0.20,
    "plain requests": 5_000.0,
    "burst cpu": 0.35,
    "burst added": 2.0,
    "first added": 2.0,
    "gap": 20.0,
    "memory": 150.0,
    "typed cpu": 0.40,
}
"""ms, requests a second, MB."""

FIRST, GAP = 0.05, 0.01
"""Seconds to the first piece of a paced stream, and between its pieces."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One measurement."""

    what: str
    """What was measured."""
    found: float
    """The figure."""
    unit: str
    """Its unit."""
    bar: float | None = None
    """What it must keep to."""
    at_least: bool = False
    """Whether it must be so much at least."""
    other: float = 0.0
    """Cores that the rest of the machine used meanwhile."""

    @property
    def met(self) -> bool | None:
        """Whether it keeps to its bar; None without one."""
        if self.bar is None:
            return None
        return self.found >= self.bar if self.at_least else self.found <= self.bar


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One load and what it used."""

    seen: Figures
    """What the load saw."""
    cpu: float
    """ms of the service's CPU for each answer."""
    other: float
    """Cores that the rest of the machine used meanwhile."""


def chat(shop: Shop, port: int, *, stream: bool) -> bytes:
    """Return a chat request."""
    return request(CHAT, shop.headers, {"model": TALK, "messages": ASKED, "stream": stream}, port)


def typed(shop: Shop, port: int, locale: str) -> bytes:
    """Return a call of the typed feature."""
    body = {
        "input": {"text": TEXTS[locale][0], "kind": "article", "length": "short"},
        "locale": locale,
    }
    return request(f"/v1/features/{TYPED}", shop.headers, body, port)


def measured(
    gateway: Process | None, load_port: int, asked: bytes, mine: tuple[Process, ...], **how: float
) -> Cell:
    """Load *load_port* and return what it used; *mine* are processes that count as ours."""
    own = (*mine, gateway) if gateway else mine
    busy, used, spent = _busy(), sum(one.cpu() for one in own), gateway.cpu() if gateway else 0.0
    children, began = _children(), time.monotonic()
    seen = loaded(load_port, asked, **how)  # type: ignore[arg-type]
    wall = time.monotonic() - began
    others = _busy() - busy - (sum(one.cpu() for one in own) - used) - (_children() - children)
    cpu = (gateway.cpu() - spent) / max(1, seen.answered) * 1e3 if gateway else 0.0
    if seen.failed:
        print(f"  {seen.failed} failed, as: {seen.failure[-300:]!r}", file=sys.stderr)
    return Cell(seen=seen, cpu=cpu, other=round(max(0.0, others / wall), 2))


def best(cells: list[Cell]) -> Cell:
    """Return the cell that the rest of the machine disturbed least, by its CPU."""
    return min(cells, key=lambda one: one.cpu)


def _busy() -> float:
    """Return the CPU seconds of the whole machine."""
    fields = [int(one) for one in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / os.sysconf("SC_CLK_TCK")


def _children() -> float:
    times = os.times()
    return times.children_user + times.children_system


@contextmanager
def running(mocked: Process, *, everything: bool) -> Iterator[tuple[Shop, Process]]:
    """Run the service on a new workspace whose partner is *mocked*."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        shop = open_shop(folder, mocked.port, everything=everything)
        yield shop, stack.enter_context(service(shop))


def fast(everything: bool, seconds: float, rounds: int) -> list[Row]:
    """Measure plain answers and bursts."""
    label = "everything on" if everything else "off what may be off"
    with mock() as mocked, running(mocked, everything=everything) as (shop, gateway):
        port = gateway.port
        plain, burst = (chat(shop, port, stream=one) for one in (False, True))
        for asked in (plain, burst):
            loaded(port, asked, connections=8, seconds=2)
        plains = best(
            [
                measured(gateway, port, plain, (mocked,), connections=8, seconds=seconds)
                for _ in range(rounds)
            ]
        )
        bursts = best(
            [
                measured(gateway, port, burst, (mocked,), connections=8, seconds=seconds)
                for _ in range(rounds)
            ]
        )
        one = measured(gateway, port, burst, (mocked,), connections=1, seconds=seconds)
        direct = measured(
            None,
            mocked.port,
            chat(shop, mocked.port, stream=True),
            (mocked,),
            connections=1,
            seconds=2,
        )
        memory = gateway.memory()
    pace = plains.seen.answered / plains.seen.seconds
    added = _p50(one) - _p50(direct)
    return [
        _row(label, "plain, CPU a request", plains.cpu, "ms", "plain cpu", plains.other),
        msgspec.structs.replace(
            _row(
                label,
                "plain, requests/s at 8 connections",
                pace,
                "/s",
                "plain requests",
                plains.other,
            ),
            at_least=True,
        ),
        _row(label, "plain, p50 at 8 connections", _p50(plains), "ms", "", plains.other),
        _row(label, "plain, p99 at 8 connections", _p99(plains), "ms", "", plains.other),
        _row(label, "burst of 20, CPU a request", bursts.cpu, "ms", "burst cpu", bursts.other),
        _row(label, "burst of 20, p50 at 1 connection", _p50(one), "ms", "", one.other),
        _row(label, "burst of 20, p50 added", added, "ms", "burst added", one.other),
        _row(label, "memory after", memory, "MB", "memory", one.other),
    ]


def beside_bare(seconds: float, rounds: int) -> list[Row]:
    """Measure the service and a bare pass-through by turns: what no machine's speed changes."""
    with (
        mock() as mocked,
        running(mocked, everything=True) as (shop, gateway),
        passthrough(mocked.port) as bare,
    ):
        rows = []
        for name, stream in (("plain", False), ("burst of 20", True)):
            asked = [chat(shop, one.port, stream=stream) for one in (gateway, bare)]
            pair = list(zip((gateway, bare), asked, strict=True))
            for one, request_ in pair:
                loaded(one.port, request_, connections=8, seconds=2)
            cells = [
                [
                    measured(one, one.port, request_, (mocked,), connections=8, seconds=seconds / 2)
                    for one, request_ in pair
                ]
                for _ in range(2 * rounds)
            ]
            ratios = sorted(ours.cpu / theirs.cpu for ours, theirs in cells)
            floor = min(theirs.cpu for _, theirs in cells)
            label = f"bare aiohttp pass-through, {name}"
            rows += [
                _row(label, "CPU a request", floor, "ms", "", cells[0][1].other),
                _row(label, "ours is so many times that", statistics.median(ratios), "", "", 0.0),
                _row(label, "  at least", ratios[0], "", "", 0.0),
                _row(label, "  at most", ratios[-1], "", "", 0.0),
            ]
    return rows


def paced(everything: bool, seconds: float) -> list[Row]:
    """Measure 32 streams that take their time."""
    label = "everything on" if everything else "off what may be off"
    with (
        mock(first=FIRST, gap=GAP) as mocked,
        running(mocked, everything=everything) as (shop, gateway),
    ):
        port = gateway.port
        asked = chat(shop, port, stream=True)
        loaded(port, asked, connections=32, seconds=1)
        found = measured(gateway, port, asked, (mocked,), connections=32, seconds=seconds)
        direct = measured(
            None,
            mocked.port,
            chat(shop, mocked.port, stream=True),
            (mocked,),
            connections=32,
            seconds=seconds,
        )
    assert found.seen.first and found.seen.gap and direct.seen.first and direct.seen.gap
    added = found.seen.first.p50 - direct.seen.first.p50
    return [
        _row(label, "32 paced, CPU a stream", found.cpu, "ms", "", found.other),
        _row(label, "32 paced, added time to first, p50", added, "ms", "first added", found.other),
        _row(label, "32 paced, worst gap, p99", found.seen.gap.p99, "ms", "gap", found.other),
        _row(label, "  (direct)", direct.seen.gap.p99, "ms", "", direct.other),
    ]


def typed_calls(seconds: float, rounds: int) -> list[Row]:
    """Measure a typed feature with its checks."""
    rows = []
    for locale, (_, answer) in TEXTS.items():
        with (
            upstream(f"--text={answer}") as mocked,
            running(mocked, everything=True) as (shop, gateway),
        ):
            asked = typed(shop, gateway.port, locale)
            loaded(gateway.port, asked, connections=8, seconds=2)
            found = best(
                [
                    measured(
                        gateway, gateway.port, asked, (mocked,), connections=8, seconds=seconds
                    )
                    for _ in range(rounds)
                ]
            )
        rows.append(
            _row(
                "everything on", f"{TYPED} {locale}, CPU", found.cpu, "ms", "typed cpu", found.other
            )
        )
    return rows


def _row(label: str, what: str, found: float, unit: str, bar: str, other: float) -> Row:
    return Row(
        what=f"{label}: {what}",
        found=found,
        unit=unit,
        bar=BARS[bar] if bar and label == "everything on" else None,
        other=other,
    )


def _p50(cell: Cell) -> float:
    return cell.seen.total.p50 if cell.seen.total else float("nan")


def _p99(cell: Cell) -> float:
    return cell.seen.total.p99 if cell.seen.total else float("nan")


def peers(only: str) -> int:
    """Run the yardstick on the gateways that are installed."""
    if not (YARDSTICK / "run.py").is_file():
        print(f"no yardstick at {YARDSTICK}: peers were not measured")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run.json"
        command = [sys.executable, str(YARDSTICK / "run.py"), "--rounds=1", f"--out={out}"]
        if only:
            command.append(f"--only={only}")
        done = subprocess.run(command, check=False)
        subprocess.run([sys.executable, str(YARDSTICK / "summarise.py"), str(out)], check=False)
    return done.returncode


def main() -> int:
    """Print the figures and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", default="fast,bare,paced,typed,off")
    parser.add_argument("--peers", nargs="?", const="", default=None, metavar="NAMES")
    parser.add_argument("--python", default=sys.executable, metavar="PATH")
    given = parser.parse_args()
    os.environ[INTERPRETER] = given.python
    if given.peers is not None:
        return peers(given.peers)
    print(
        f"# service on {_built(given.python)}; {os.cpu_count()} cores, uvicorn {version('uvicorn')},"
        f" uvloop {version('uvloop')}, httptools {version('httptools')}, {PHRASES:,} keywords"
    )
    rows: list[Row] = []
    parts = given.parts.split(",")
    if "fast" in parts:
        rows += _told(fast(True, given.seconds, given.rounds))
    if "bare" in parts:
        rows += _told(beside_bare(given.seconds, given.rounds))
    if "paced" in parts:
        rows += _told(paced(True, given.seconds))
    if "typed" in parts:
        rows += _told(typed_calls(given.seconds, given.rounds))
    if "off" in parts:
        rows += _told(fast(False, given.seconds, given.rounds))
    return 1 if any(row.met is False for row in rows) else 0


def _built(python: str) -> str:
    """Return what *python* says of itself."""
    asked = (
        "import platform as p; print(p.python_version(), *p.python_build(), p.python_compiler())"
    )
    return subprocess.run(
        [python, "-c", asked], check=True, capture_output=True, text=True
    ).stdout.strip()


def _told(rows: list[Row]) -> list[Row]:
    for row in rows:
        bar = "" if row.bar is None else f"bar {row.bar:g} " + ("met" if row.met else "missed")
        print(f"{row.what:58s}{row.found:10.3f} {row.unit:3s} other {row.other:4.2f}  {bar}")
    return rows


if __name__ == "__main__":
    sys.exit(main())
