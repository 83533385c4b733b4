"""Leave one log out: what gates come to where the first guess at the variance is chosen on the others.

    python -m bench.ctv_left_out

The guess is the one constant of the gates that was settled with these logs in view. For each log
it is chosen anew, as the one with the fewest calls on the mean of the other logs (each as a share
of its full run), and the gates of the log that was left out are replayed with it.
"""

import argparse
import sys

from bench.ctv_logs import DATA, LOGS
from pratique.evals.replay import Replay, replay
from pratique.evals.replay_logs import Log, read_log, read_scale
from pratique.evals.replay_runs import Settings
from pratique.evals.statistics import gates

GUESSES = (0.0625, 0.125, 0.25)
"""Variances to start from: a quarter, half and all of the largest that there can be."""


def replayed(log: Log, guess: float, settings: Settings) -> Replay:
    """Return what gates on *log* come to with *guess*."""
    before = gates.GUESS
    gates.GUESS = guess
    try:
        return replay("gate", log, settings)
    finally:
        gates.GUESS = before


def main() -> int:
    """Print the table and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    settings = Settings(delta=0.06, alpha=0.05, runs=arguments.runs, seed=arguments.seed)
    found: dict[str, dict[float, Replay]] = {}
    for one in LOGS:
        path = DATA / one.file
        if not path.is_file():
            print(f"{one.name}: no data at {path.parent.name}, left out", file=sys.stderr)
            continue
        log = read_log(path, read_scale(one.scale, one.lower_is_better), one.skip)
        found[one.name] = {guess: replayed(log, guess, settings) for guess in GUESSES}
    for name, mine in found.items():
        others = [results for other, results in found.items() if other != name]

        def share(guess: float, others: list[dict[float, Replay]] = others) -> float:
            return sum(1.0 / one[guess].ratio_full for one in others)

        chosen = min(GUESSES, key=share)
        told = ", ".join(
            f"{guess}: {one.ratio_full:.2f}× ({one.wrong:.2%} wrong)" for guess, one in mine.items()
        )
        print(f"{name}: left out, the others choose {chosen}; {told}", flush=True)
    return 0 if len(found) > 1 else 1


if __name__ == "__main__":
    sys.exit(main())
