"""Measure a run of `pratique assess`: speed, memory and what a kill loses.

    python -m bench.runner                     # 1,000 samples at 64 at once, answers at once and after 100 ms
    python -m bench.runner --memory 200000     # memory over a long run
    python -m bench.runner --kill 50           # kill -9 at random points, resume, count calls at the partner
    python -m bench.runner --peers DIR         # other programs in the same rounds, from environments in DIR

A stand-in in a process of its own answers over loopback by the OpenAI-style wire. The program is
the one that people run: `pratique assess --suite … --json` in a workspace of its own, on samples
of `smart_reply` in three locales, each request and answer screened, each answer checked, scored and
kept in SQLite. Samples that screening stops before a call are left out, so that each one is a call.
Its modules are compiled beforehand, as those of an installed program are.
"""

import argparse
import json
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from bench.client import machine, started, told
from bench.standin import Figures
from pratique.evals.suites import packaged, read_suite
from pratique.features.packs import find_packs, read_pack
from pratique.features.packs import packaged as packaged_features
from pratique.serving.world import drawn
from pratique.workspace.init import init

AT_ONCE = 64
SUITE = "many"
LOCALES = ("en", "zh-Hans", "zh-Hant")

_PARTNER = """
id = "standin"
name = "Stand-in"
wire = "openai"
key_needed = false

[[regions]]
id = "local"
market = "any"
base_url = "http://127.0.0.1:{port}/v1"
certainty = "known"

[[models]]
id = "rote"
about = "Answers by rote, for measuring."
weights = "self_hosted"

[models.limits]
concurrency = {at_once}
"""


def figures(port: str) -> Figures:
    """Return what the stand-in at *port* saw."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/figures") as response:
        return msgspec.json.decode(response.read(), type=Figures)


def reset(port: str) -> None:
    """Let the stand-in at *port* begin anew."""
    urllib.request.urlopen(f"http://127.0.0.1:{port}/reset").close()


def workspace(folder: Path, port: str, samples: int) -> Path:
    """Make a workspace with *samples* samples in all and the stand-in as its one candidate."""
    init(folder, rehearsal=True)
    market = folder / "markets" / "CN.toml"
    named = '"embedded/smollm2-135m", "embedded/gemma3-270m", "embedded/rules"'
    market.write_text(market.read_text().replace(named, '"standin/rote"'))
    (folder / "partners").mkdir(exist_ok=True)
    (folder / "partners" / "standin.toml").write_text(_PARTNER.format(port=port, at_once=AT_ONCE))
    suite = folder / "suites" / SUITE
    suite.mkdir(parents=True)
    own = packaged() / "smart_reply" / "suite.toml"
    (suite / "suite.toml").write_text(own.read_text())
    pack = read_pack(find_packs([packaged_features()])["smart_reply"])
    for locale, count in zip(LOCALES, shares(samples), strict=True):
        whole = read_suite([packaged()], "smart_reply", locale, pack.input_schema).samples
        found = [
            one
            for one in whole
            if one.input["thread"] and not drawn(one.input, pack.file.world).empty
        ]
        with (suite / f"{locale}.jsonl").open("w") as file:
            for number in range(count):
                sample = msgspec.to_builtins(found[number % len(found)])
                sample["id"] = f"many-{locale}-{number}"
                # Each prompt is another one, so that calls can be counted by sample.
                sample["input"]["thread"][0]["from"] += f" {number}"
                file.write(json.dumps(sample, ensure_ascii=False) + "\n")
    return folder


def shares(samples: int) -> list[int]:
    """Return how many of *samples* each locale gets."""
    each, over = divmod(samples, len(LOCALES))
    return [each + (number < over) for number in range(len(LOCALES))]


def command(folder: Path, samples: int) -> list[str]:
    """Return the command that measures the whole suite."""
    words = ["assess", "--suite", SUITE, "--samples", str(samples), "--json", "--workspace"]
    return [sys.executable, "-m", "pratique", *words, str(folder)]


def kept(folder: Path) -> int:
    """Return how many outcomes are in the store."""
    return _of_outcomes(folder, "count(*)")


def called(folder: Path) -> int:
    """Return how many calls the outcomes in the store say that they took."""
    return _of_outcomes(folder, "coalesce(sum(asked), 0)")


def _of_outcomes(folder: Path, figure: str) -> int:
    with closing(sqlite3.connect(folder / "state" / "pratique.db")) as database:
        (found,) = database.execute(f"SELECT {figure} FROM eval_outcomes").fetchone()  # noqa: S608
    return int(found)


@contextmanager
def standin(delay: float) -> Iterator[str]:
    """Start a stand-in and give its port."""
    with started("bench.standin", "--delay", str(delay)) as process:
        yield told(process)


@contextmanager
def compiled() -> Iterator[Mapping[str, str]]:
    """Give an environment in which Python finds every module compiled."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with standin(0.0) as port:
            place = workspace(folder / "shop", port, AT_ONCE)
            words = command(place, AT_ONCE)
            subprocess.run(words, stdout=subprocess.DEVNULL, env=environment, check=True)
        yield environment


def speed(
    samples: int, delay: float, folder: Path, environment: Mapping[str, str]
) -> tuple[float, float, int, int, float]:
    """Return requests a second, whole seconds, most at once, peak MiB and CPU seconds of one run."""
    with standin(delay) as port:
        place = workspace(folder, port, samples)
        began = time.perf_counter()
        process = subprocess.Popen(
            command(place, samples), stdout=subprocess.DEVNULL, env=environment
        )
        _, code, used = os.wait4(process.pid, 0)
        whole = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(code)
        seen = figures(port)
    assert process.returncode == 0, process.returncode
    counted = (seen.answers, called(place), kept(place))
    assert counted == (samples, samples, samples), counted
    busy = used.ru_utime + used.ru_stime
    return samples / seen.seconds, whole, seen.at_once, used.ru_maxrss // 1024, busy


def show_speed(rounds: int, samples: int, environment: Mapping[str, str]) -> None:
    """Print speed with its spread, answers at once and after 100 ms."""
    for delay in (0.1, 0.0):
        runs = []
        for _ in range(rounds):
            with tempfile.TemporaryDirectory() as folder:
                runs.append(speed(samples, delay, Path(folder) / "shop", environment))
        rate, whole, at_once, memory, busy = zip(*runs, strict=True)
        print(
            f"pratique, {samples} samples, {AT_ONCE} at once, answers after {delay * 1000:g} ms:"
            f" {statistics.median(rate):.0f} requests/s [{min(rate):.0f}..{max(rate):.0f}],"
            f" whole process {statistics.median(whole):.2f} s [{min(whole):.2f}..{max(whole):.2f}],"
            f" at most {max(at_once)} at once, peak {max(memory)} MiB,"
            f" CPU {min(busy):.2f} s at least, load {os.getloadavg()[0]:.1f}",
            flush=True,
        )


def show_memory(samples: int) -> None:
    """Print the memory of a run of *samples* samples while it goes on."""
    with tempfile.TemporaryDirectory() as name, standin(0.0) as port:
        folder = workspace(Path(name) / "shop", port, samples)
        process = subprocess.Popen(command(folder, samples), stdout=subprocess.DEVNULL)
        marks, seen = [0.05, 0.25, 0.5, 0.75, 0.98], 0
        while process.poll() is None:
            time.sleep(0.05)
            seen = figures(port).answers if marks else seen
            if marks and seen >= marks[0] * samples:
                marks.pop(0)
                print(f"{seen:>8} answers: {_resident(process.pid)} MiB", flush=True)
        print(f"exit {process.returncode}, {kept(folder)} outcomes kept")


def _resident(process: int) -> int:
    text = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in text.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) // 1024


def show_kills(kills: int, samples: int, seed: int) -> None:
    """Kill runs at random points and resume; print what the partner saw beside what was kept."""
    draw = random.Random(seed)
    lost, repeated, most, rounds = 0, 0, 0, 0
    while rounds < kills:
        with tempfile.TemporaryDirectory() as name, standin(0.2) as port:
            folder = workspace(Path(name) / "shop", port, samples)
            open_answers = 0
            while rounds < kills and kept(folder) < samples:
                process = subprocess.Popen(command(folder, samples), stdout=subprocess.DEVNULL)
                before = figures(port).requests
                while process.poll() is None and figures(port).requests == before:
                    time.sleep(0.005)
                time.sleep(draw.random() * 0.6)
                process.kill()
                process.wait()
                if process.returncode == 0:
                    break
                rounds += 1
                time.sleep(0.3)  # what was in flight at the partner is answered to nobody
                cut = figures(port).answers - kept(folder) - open_answers
                open_answers += cut
                most = max(most, cut)
            subprocess.run(command(folder, samples), stdout=subprocess.DEVNULL, check=True)
            seen = figures(port)
            again = sum(count - 1 for count in seen.by_prompt.values())
            assert len(seen.by_prompt) == samples, len(seen.by_prompt)
            assert again <= open_answers, (again, open_answers)
            lost += samples - kept(folder)
            repeated += again
    print(
        f"kill -9 at {rounds} random points: {lost} outcomes lost; answers of the partner that were"
        f" asked for again {repeated}, all of them cut off between its writing and our commit, at most"
        f" {most} at one kill, with {AT_ONCE} calls in flight"
    )


def main() -> None:
    """Print the figures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--memory", type=int, default=0, metavar="SAMPLES")
    parser.add_argument("--kill", type=int, default=0, metavar="POINTS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers", type=Path, default=None, metavar="DIR")
    asked = parser.parse_args()
    print(f"{machine()}; SQLite {sqlite3.sqlite_version}, {platform.platform()}", flush=True)
    if asked.memory:
        show_memory(asked.memory)
    elif asked.kill:
        show_kills(asked.kill, asked.samples, asked.seed)
    else:
        with compiled() as environment:
            show_speed(asked.rounds, asked.samples, environment)
        if asked.peers is not None:
            from bench.runner_peers import show_peers

            show_peers(asked.peers, asked.rounds, asked.samples)


if __name__ == "__main__":
    main()
