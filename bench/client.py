"""Measure what one call costs the client, in microseconds of CPU (user and system of its process).

    python -m bench.client

Every client calls the same upstream over loopback, from a process of its own; rounds go through
all of them in turn, so that a slow minute of the machine falls on each. Garbage collection is on.
A ratio is to the bare pyreqwest's plain call of the same round, at as many calls at once. Exit 1
when a ratio of ours is above its bar. The clients come from `requirements/bench.txt`.
"""

import argparse
import os
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

from bench.callers import CALLERS
from pratique import __version__

BARS = {"plain": 1.32, "burst": 3.68}
"""Most that ours may cost: 45 and 125 µs where a bare pyreqwest's plain call costs 34."""
UNIT = next(iter(CALLERS))
KINDS = ("plain", "burst")


@dataclass(slots=True)
class Cell:
    """What one client's calls of one kind cost, round by round."""

    costs: list[float] = field(default_factory=list)
    """Microseconds of CPU a call."""
    ratios: list[float] = field(default_factory=list)
    """Beside the unit's plain call of the same round."""


Cells = dict[tuple[str, int, str], Cell]
"""By kind of call, calls at once and client."""


@contextmanager
def started(module: str, *words: str) -> Iterator["subprocess.Popen[str]"]:
    """Run a module of this folder; end it at the end."""
    command = [sys.executable, "-m", module, *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


def told(process: "subprocess.Popen[str]", line: str = "") -> str:
    """Return what a process answers to a line."""
    assert process.stdin and process.stdout
    if line:
        process.stdin.write(line + "\n")
        process.stdin.flush()
    answer = process.stdout.readline()
    assert answer, "a process of the measurement has ended"
    return answer.strip()


def measure(rounds: int, seconds: float, loop: str, at_once: list[int]) -> Cells:
    """Run every cell *rounds* times, the clients in turn; the first round warms up."""
    keys = [(kind, calls, name) for calls in at_once for kind in KINDS for name in CALLERS]
    cells = {key: Cell() for key in keys}
    with ExitStack() as stack:
        port = told(stack.enter_context(started("bench.upstream")))
        workers = {
            name: stack.enter_context(started("bench.callers", name, port, loop))
            for name in CALLERS
        }
        for number in range(rounds + 1):
            costs = {
                key: float(told(workers[key[2]], f"{key[0]} {key[1]} {seconds}")) for key in keys
            }
            if number:
                for (kind, calls, name), cell in cells.items():
                    cost = costs[kind, calls, name]
                    cell.costs.append(cost)
                    cell.ratios.append(cost / costs["plain", calls, UNIT])
    return cells


def show(cells: Cells) -> int:
    """Print the table; return how many ratios of ours are above their bar."""
    above = 0
    columns = f"{'median':>9}{'min':>9}{'max':>9}{'ratio':>8}{'min':>8}{'max':>8}"
    print(f"{'call':<7}{'at once':>7}  {'client':<10}{columns}")
    for (kind, calls, name), cell in cells.items():
        ratio = statistics.median(cell.ratios)
        over = name == "ours" and ratio > BARS[kind]
        above += over
        print(
            f"{kind:<7}{calls:>7}  {name:<10}{statistics.median(cell.costs):>9.1f}"
            f"{min(cell.costs):>9.1f}{max(cell.costs):>9.1f}"
            f"{ratio:>8.2f}{min(cell.ratios):>8.2f}{max(cell.ratios):>8.2f}"
            + (f"  ABOVE {BARS[kind]:g}" if over else "")
        )
    return above


def machine() -> str:
    """Return what the figures were measured on."""
    return (
        f"pratique {__version__}, Python {platform.python_version()}, {platform.system()}"
        f" {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f} before"
    )


def main() -> int:
    """Print the figures and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.3, help="of each cell of a round")
    parser.add_argument("--loop", choices=("uvloop", "asyncio"), default="uvloop")
    arguments = parser.parse_args()
    print(machine())
    print(", ".join(f"{name} {version(name)}" for name in (*CALLERS, "uvloop") if name != "ours"))
    print(
        f"µs of CPU a call and ratio to {UNIT}'s plain call: median, min and max of"
        f" {arguments.rounds} rounds of {arguments.seconds:g} s, loop {arguments.loop}",
        flush=True,
    )
    cells = measure(arguments.rounds, arguments.seconds, arguments.loop, [1, 16])
    above = show(cells)
    print(f"{above} of our {len(cells) // len(CALLERS)} figures above their bar", end="")
    print(f"; load {os.getloadavg()[0]:.2f} after")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
