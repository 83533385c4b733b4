"""Hundreds of streams at once through the service: `python -m bench.streams`.

Each gets 20 pieces a second for 30 s; the service runs on core 0, load and upstream on core 1. What
counts is the worst gap between two pieces of a stream, and how much memory an open stream takes.
Then the same service with an upstream that writes as fast as it may to clients that read slowly:
its memory must stand still, for nothing is taken in that cannot be passed on.
"""

import argparse
import subprocess
import sys
import time

import msgspec

from bench.gateway import chat, running
from bench.load import Figures
from bench.served import Process, loaded, loading, upstream
from bench.shop import Shop

GAP = 0.05
"""Seconds between two pieces."""
BARS = {"gap": 250.0, "memory": 60.0, "growth": 2.0}
"""ms, kB a stream, MB."""
FLOOD = 20_000
"""Pieces of a stream that is written at once: 4 MB of events."""


def steady(streams: int, seconds: float) -> list[tuple[str, float, str, float | None]]:
    """Measure *streams* at once."""
    pieces = round(seconds / GAP)
    with (
        upstream(f"--first={GAP}", f"--gap={GAP}", f"--pieces={pieces}") as mocked,
        running(mocked, everything=True) as (shop, gateway),
    ):
        _warm(shop, gateway)
        before, used = gateway.memory(), gateway.cpu()
        with loading(
            gateway.port, chat(shop, gateway.port, stream=True), streams, 3600, 1, 0.0
        ) as process:
            held = _watched(process, gateway, every=1.0)
            seen = _seen(process)
        cpu = gateway.cpu() - used
        after = gateway.memory()
    whole = f"{seen.answered} of {streams} whole"
    middle = held[len(held) // 2] if held else before
    return [
        (f"streams that came whole ({whole})", float(seen.answered), "", None),
        ("worst gap of a stream, p50", seen.gap.p50 if seen.gap else 0.0, "ms", None),
        ("worst gap of a stream, p99", seen.gap.p99 if seen.gap else 0.0, "ms", BARS["gap"]),
        ("any gap, p99", seen.every_gap.p99 if seen.every_gap else 0.0, "ms", None),
        ("CPU a piece", cpu / max(1, seen.answered) / pieces * 1e6, "µs", None),
        ("memory a stream, half way", (middle - before) * 1024 / streams, "kB", None),
        (
            "memory a stream, at most",
            (max(held, default=before) - before) * 1024 / streams,
            "kB",
            BARS["memory"],
        ),
        ("memory before", before, "MB", None),
        ("memory after", after, "MB", None),
    ]


def flooded(streams: int, seconds: float) -> list[tuple[str, float, str, float | None]]:
    """Measure an upstream that writes far faster than the clients read."""
    with (
        upstream(f"--pieces={FLOOD}") as mocked,
        running(mocked, everything=True) as (shop, gateway),
    ):
        loaded(gateway.port, chat(shop, gateway.port, stream=False), connections=8, seconds=1)
        before = gateway.memory()
        asked = chat(shop, gateway.port, stream=True)
        with loading(gateway.port, asked, streams, 3600, 1, 2.0) as process:
            held = _watched(process, gateway, every=1.0, most=seconds)
    first, last = held[len(held) // 3], held[-1]
    return [
        ("slow readers: memory a stream", (first - before) * 1024 / streams, "kB", None),
        (f"slow readers: growth in {seconds * 2 / 3:.0f} s", last - first, "MB", BARS["growth"]),
    ]


def _warm(shop: Shop, gateway: Process) -> None:
    loaded(gateway.port, chat(shop, gateway.port, stream=False), connections=32, seconds=3)


def _watched(
    process: "subprocess.Popen[bytes]", gateway: Process, *, every: float, most: float = 600.0
) -> list[float]:
    """Return the memory of *gateway*, looked at again and again until *process* ends."""
    held = []
    end = time.monotonic() + most
    while process.poll() is None and time.monotonic() < end:
        time.sleep(every)
        held.append(gateway.memory())
    return held


def _seen(process: "subprocess.Popen[bytes]") -> Figures:
    return msgspec.json.decode(process.communicate()[0], type=Figures)


def main() -> int:
    """Print the figures and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--slow", type=int, default=50, help="clients that read slowly")
    given = parser.parse_args()
    good = True
    for what, found, unit, bar in (
        *steady(given.streams, given.seconds),
        *flooded(given.slow, given.seconds),
    ):
        met = "" if bar is None else f"bar {bar:g} " + ("met" if found <= bar else "missed")
        good = good and not met.endswith("missed")
        print(f"{what:45s}{found:10.1f} {unit:3s} {met}", flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
