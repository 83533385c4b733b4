"""Speed and size of what a person runs: `python -m bench.size`.

Each figure is a whole process: wall time by the clock, peak memory as the operating system counts it
for the largest process (ru_maxrss). The demo runs once, in a new folder, without serving.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = [sys.executable, "-m", "pratique"]


def seconds(*words: str) -> float:
    """Return how long the program takes with *words*."""
    started = time.perf_counter()
    subprocess.run([*PROGRAM, *words], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    runs = [seconds("--help") for _ in range(10)]
    spread = f"{min(runs):.2f} / {statistics.median(runs):.2f} / {max(runs):.2f}"
    print(f"pratique --help: {spread} s (min / median / max of 10)")
    with tempfile.TemporaryDirectory() as folder:
        command = [*PROGRAM, "demo", "--no-serve", "--json", "--dir", str(Path(folder) / "demo")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        shop, packs = str(Path(folder) / "demo"), [Path(folder) / f"pack-{n}" for n in range(3)]
        filed = [
            seconds("file", "--draft", "--workspace", shop, "--out", str(pack)) for pack in packs
        ]
    shown = json.loads(done.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"pratique demo --no-serve: {shown['seconds']:.0f} s, peak {peak:.0f} MiB, exit {done.returncode}"
    )
    print(f"pratique file --draft --out: {min(filed):.1f} to {max(filed):.1f} s, 3 times")
    print(f"calls: {shown['calls']}, where full runs take {shown['full_calls']}")


if __name__ == "__main__":
    main()
