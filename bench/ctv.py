"""Calls to verdict: what decisions cost on logged results of real models, beside other methods.

    python -m bench.ctv --runs 2000

Pairs (delta 5 points), gates (a band of 6) and the best of 8 (within 3), alpha 5 %, a look after
every sample. Every method sees the same orders of the same items; a sample of a pair costs two
calls in all of them. `with history` draws its own orders, since that is what it does. `kept` is
the share of calls where the incumbent's answers are kept and only the challenger is asked.
The bound is the samples without which no method could decide as surely (2 V ln(1/(2.4 alpha)) /
gap^2, Kaufmann, Cappe and Garivier 2016, under normal scores; with the bank's correction).
Figures of the two group-sequential tests and of the planned test are asymptotic and speak of all
users; peeking at a plain test is left out, it is no valid method.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.ctv_bounds import choice_bound, gate_bound, pair_bound
from bench.ctv_logs import DATA, LOGS, Known
from bench.ctv_rivals import (
    BRIEN_FLEMING,
    POCOCK,
    Floats,
    Rival,
    Verdicts,
    evalsig,
    grouped,
    plain_betting,
    planned,
    truescore,
    versions,
)
from pratique import __version__
from pratique.evals.replay import Replay, replay
from pratique.evals.replay_logs import Log, read_log, read_scale
from pratique.evals.replay_pairs import PairRuns, draw_pairs, pair_wrong
from pratique.evals.replay_runs import Settings
from pratique.evals.statistics import upper_bound

Row = dict[str, str | float]


def row(log: str, what: str, method: str, found: Replay) -> Row:
    """Return a row of the table from a replay of ours."""
    return {
        "log": log,
        "decision": what,
        "method": method,
        "calls": found.mean_calls,
        "full": found.ratio_full,
        "fixed": found.ratio_fixed,
        "wrong": found.wrong,
        "wrong_upper95": found.wrong_upper95,
        "undecided": found.undecided,
        **{f"gap {band}": one.mean_calls for band, one in found.by_gap.items()},
    }


def rivals(samples: int) -> dict[str, Rival]:
    """Return every other method by its name; tools that are not installed are left out."""
    found: dict[str, Rival] = {
        "planned fixed n": planned(samples),
        "O'Brien-Fleming, 5 looks": grouped(BRIEN_FLEMING),
        "Pocock, 10 looks": grouped(POCOCK),
        "plain betting": plain_betting(replaced=True),
        "plain betting, bank": plain_betting(replaced=False),
    }
    installed = versions()
    if installed["truescore"] != "not installed":
        found["truescore"] = truescore
    if installed["evalsig"] != "not installed":
        found["evalsig"] = evalsig
    return found


def rival_rows(log: str, what: str, drawn: list[PairRuns], settings: Settings) -> Iterator[Row]:
    """Yield a row for every other method."""
    size = sum(float(part.sizes.sum()) for part in drawn)
    runs = sum(len(part.sizes) for part in drawn)
    fixed = sum(float(np.minimum(part.planned, part.sizes).sum()) for part in drawn)
    for name, rival in rivals(drawn[0].planned).items():
        played = [rival(part.gaps, part.sizes, settings.delta, settings.alpha) for part in drawn]
        yield rival_row(log, what, name, drawn, played, size / runs, fixed / runs, settings)
    n, played = equal_share(drawn, settings)
    if played:
        name = f"fixed n of the same decided share ({n})"
        yield rival_row(log, what, name, drawn, played, size / runs, fixed / runs, settings)


def equal_share(
    drawn: list[PairRuns], settings: Settings
) -> tuple[int, list[tuple[Floats, Verdicts]]]:
    """Return the fixed n at which 95 % of the pairs are decided, or the full run where none is."""
    n, most = drawn[0].planned, int(max(part.sizes.max() for part in drawn))
    while True:
        n = min(n, most)
        rival = planned(n)
        played = [rival(part.gaps, part.sizes, settings.delta, settings.alpha) for part in drawn]
        decided = np.mean(np.concatenate([verdicts != 0 for _, verdicts in played]))
        if decided >= 0.95 or n == most:
            return n, played
        n = int(n * 1.15) + 1


def rival_row(
    log: str,
    what: str,
    name: str,
    drawn: list[PairRuns],
    played: list[tuple[Floats, Verdicts]],
    full: float,
    fixed: float,
    settings: Settings,
) -> Row:
    """Return one method's row."""
    used = np.concatenate([samples for samples, _ in played])
    verdicts = np.concatenate([found for _, found in played])
    truth = np.concatenate([part.truth for part in drawn])
    wrong = int(pair_wrong(verdicts, truth, settings.delta).sum())
    found: Row = {
        "log": log,
        "decision": what,
        "method": name,
        "calls": 2 * float(used.mean()),
        "full": full / float(used.mean()),
        "fixed": fixed / float(used.mean()),
        "wrong": wrong / len(used),
        "wrong_upper95": upper_bound(wrong, len(used)),
        "undecided": float((verdicts == 0).mean()),
    }
    return found


def pair_rows(name: str, log: Log, base: Settings) -> Iterator[Row]:
    """Yield all rows about the log's pairs."""
    tops = (0, 20) if len(log.models) > 20 else (0,)
    for top in tops:
        what = "pair, 20 best" if top else "pair"
        settings = replace(base, delta=0.05, top=top)
        ours = replay("pair", log, settings)
        yield row(name, what, "ours", ours)
        kept = row(name, what, "ours, incumbent's answers kept", ours)
        yield {**kept, "calls": ours.mean_calls / 2, "full": 2 * ours.ratio_full}
        yield row(
            name, what, "ours, with history", replay("pair", log, replace(settings, history=True))
        )
        drawn = list(draw_pairs(log, settings))
        yield from rival_rows(name, what, drawn, settings)
        least = pair_bound(drawn, settings)
        size = float(np.concatenate([part.sizes for part in drawn]).mean())
        yield {
            "log": name,
            "decision": what,
            "method": "bound",
            "calls": 2 * least,
            "full": size / least,
        }
        users = replace(settings, truth="population")
        yield row(name, f"{what}, all users", "ours", replay("pair", log, users))
        drawn = list(draw_pairs(log, users))
        yield from rival_rows(name, f"{what}, all users", drawn, users)


def bound_row(name: str, decision: str, calls: float, full: float) -> Row:
    """Return the row of a bound."""
    return {
        "log": name,
        "decision": decision,
        "method": "bound",
        "calls": calls,
        "full": full / calls,
    }


def rows(name: str, log: Log, runs: int, seed: int) -> Iterator[Row]:
    """Yield every row about one log."""
    base = Settings(delta=0.05, alpha=0.05, runs=runs, seed=seed)
    yield from pair_rows(name, log, base)
    gate = replace(base, delta=0.06)
    yield row(name, "gate", "ours", replay("gate", log, gate))
    yield row(name, "gate", "ours, with history", replay("gate", log, replace(gate, history=True)))
    yield row(
        name, "gate, all users", "ours", replay("gate", log, replace(gate, truth="population"))
    )
    yield bound_row(name, "gate", *gate_bound(log, gate))
    choice = replace(base, delta=0.03)
    yield row(name, "choice", "ours", replay("choice", log, choice))
    yield bound_row(name, "choice", *choice_bound(log, choice))
    if len(log.models) > 20:
        best = replace(choice, top=20)
        yield row(name, "choice, 20 best", "ours", replay("choice", log, best))
        yield bound_row(name, "choice, 20 best", *choice_bound(log, best))
    yield row(
        name,
        "choice, all users",
        "ours",
        replay("choice", log, replace(choice, truth="population")),
    )
    for flight in (16, 64):
        for decision, settings in (("pair", base), ("gate", gate), ("choice", choice)):
            kind = "pair" if decision == "pair" else "gate" if decision == "gate" else "choice"
            found = replay(kind, log, replace(settings, concurrency=flight))  # type: ignore[arg-type]
            yield row(name, decision, f"ours, {flight} in flight", found)


def known(folder: Path) -> Known | None:
    """Return how the log in *folder* is read, if it is one of ours."""
    return next((one for one in LOGS if one.file.startswith(folder.name)), None)


def line(found: Row) -> str:
    """Return a row for people."""

    def figure(key: str, form: str) -> str:
        value = found.get(key)
        return format(value, form) if isinstance(value, float) else ""

    return (
        f"{found['log']:<13}{found['decision']:<25}{found['method']:<42}"
        f"{figure('calls', '.0f'):>7}{figure('full', '.1f'):>7}{figure('fixed', '.1f'):>7}"
        f"{figure('wrong', '.2%'):>8}{figure('wrong_upper95', '.2%'):>8}"
        f"{figure('undecided', '.1%'):>8}"
    )


def main() -> int:
    """Print the table and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", type=Path, action="append", default=[], help="folder of one log")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    began = time.perf_counter()
    folders = {folder.name for folder in arguments.log}
    machine = (
        f"pratique {__version__}, numpy {np.__version__}, Python {platform.python_version()},"
        f" {platform.system()} {platform.machine()}, {os.cpu_count()} cores,"
        f" {', '.join(f'{name} {version}' for name, version in versions().items())}"
    )
    if not arguments.json:
        print(f"{machine}\n{arguments.runs} runs a figure, seed {arguments.seed}")
        print(f"{'':<80}{'calls':>7}{'full':>7}{'fixed':>7}{'wrong':>8}{'upper':>8}{'open':>8}")
    everything: list[Row] = []
    missing = 0
    for one in LOGS:
        if folders and Path(one.file).parts[0] not in folders:
            continue
        path = DATA / one.file
        if not path.is_file():
            print(f"{one.name}: no data at {path.parent.name}, left out", file=sys.stderr)
            missing += 1
            continue
        log = read_log(path, read_scale(one.scale, one.lower_is_better), one.skip)
        for found in rows(one.name, log, arguments.runs, arguments.seed):
            everything.append(found)
            if not arguments.json:
                print(line(found), flush=True)
    if arguments.json:
        print(json.dumps({"machine": machine, "runs": arguments.runs, "rows": everything}))
    else:
        print(f"{time.perf_counter() - began:.0f} s")
    return 1 if missing == len(LOGS) else 0


if __name__ == "__main__":
    sys.exit(main())
