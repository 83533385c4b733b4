"""Bounds: samples without which no method could decide as surely, for each log and decision.

    python -m bench.ctv_bounds

All are estimates under normal scores, 2 V ln(1/(2.4 alpha)) / d squared (Kaufmann, Cappé and
Garivier, JMLR 2016), with a bank's correction, for a method that knows the true gap beforehand.
What differs is the variance V and how far, d, the truth lies from the nearest one at which the
verdict would be wrong:

- a pair: the variance of the gap; the distance to 0 or to delta, whichever is larger;
- a gate: the variance of the score; the distance to the far end of the band;
- a choice: of each rival the variance that the leader's score on the same item leaves, at its
  distance behind the leader and the margin; of the leader what the second best leaves. Summed.
"""

import argparse
import sys

import numpy as np

from bench.ctv_logs import DATA, LOGS
from pratique.evals.replay_gates import GATE_OFFSETS
from pratique.evals.replay_logs import Log, read_log, read_scale
from pratique.evals.replay_pairs import PairRuns
from pratique.evals.replay_runs import Floats, Settings, best_models


def least(
    variance: Floats | float, distance: Floats | float, size: Floats | float, settings: Settings
) -> Floats:
    """Return the samples without which a claim at *distance* is not refuted."""
    users = 2 * np.asarray(variance) * np.log(1 / (2.4 * settings.alpha)) / np.square(distance)
    samples = users / (1 + users / size) if settings.truth == "bank" else users
    return np.asarray(np.minimum(np.maximum(samples, 1.0), size))


def pair_bound(drawn: list[PairRuns], settings: Settings) -> float:
    """Return the mean samples without which no method could decide these pairs."""
    found = []
    for part in drawn:
        gap = np.abs(part.truth)
        inside = np.arange(part.gaps.shape[1]) < part.sizes[:, None]
        squares = (np.where(inside, part.gaps, 0.0) ** 2).sum(axis=1) / part.sizes
        variance = np.maximum(squares - part.truth**2, 0.0)
        apart = np.maximum(gap, settings.delta - gap)
        found.append(least(variance, apart, part.sizes, settings))
    return float(np.concatenate(found).mean())


def gate_bound(log: Log, settings: Settings) -> tuple[float, float]:
    """Return the mean samples of the gates that `replay gate` draws, and those of the full run."""
    found, full = [], []
    for model in best_models(log, settings.top, 1):
        scores = log.scores[:, model]
        bank = scores[~np.isnan(scores)]
        for offset in GATE_OFFSETS:
            for sign in (1, -1):
                if 0.03 < bank.mean() + sign * offset < 0.97:
                    apart = offset + settings.delta / 2
                    found.append(float(least(float(bank.var()), apart, len(bank), settings)))
                    full.append(len(bank))
    return float(np.mean(found)), float(np.mean(full))


def choice_bound(log: Log, settings: Settings) -> tuple[float, float]:
    """Return the mean calls of choices among random sets of models, and those of the full runs."""
    rng = np.random.default_rng(settings.seed)
    pool = best_models(log, settings.top, 2)
    k = min(settings.k, len(pool))
    found, full = [], []
    for _ in range(settings.runs):
        scores = log.scores[:, rng.permutation(pool)[:k]]
        bank = scores[~np.isnan(scores).any(axis=1)]
        found.append(_choice(bank, settings))
        full.append(bank.size)
    return float(np.mean(found)), float(np.mean(full))


def _choice(bank: Floats, settings: Settings) -> float:
    means = bank.mean(axis=0)
    order = np.argsort(-means)
    leader, rivals = order[0], order[1:]
    calls = 0.0
    for own, other in [(rival, leader) for rival in rivals] + [(leader, rivals[0])]:
        apart = abs(float(means[own] - means[other])) + settings.delta
        calls += float(least(_left(bank[:, own], bank[:, other]), apart, len(bank), settings))
    return calls


def _left(own: Floats, other: Floats) -> float:
    """Return the variance of *own* that *other* does not explain."""
    both = float(own.std() * other.std())
    if both <= 0.0:
        return float(own.var())
    correlation = float(((own - own.mean()) * (other - other.mean())).mean()) / both
    return float(own.var()) * max(0.0, 1.0 - correlation**2)


def main() -> int:
    """Print the bounds of gates and choices and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    seen = 0
    for one in LOGS:
        path = DATA / one.file
        if not path.is_file():
            print(f"{one.name}: no data at {path.parent.name}, left out", file=sys.stderr)
            continue
        seen += 1
        log = read_log(path, read_scale(one.scale, one.lower_is_better), one.skip)
        base = Settings(alpha=0.05, runs=arguments.runs, seed=arguments.seed, delta=0.06)
        gate, whole = gate_bound(log, base)
        told = [f"gate {gate:.0f} of {whole:.0f} ({whole / gate:.1f}×)"]
        for top in (0, 20) if len(log.models) > 20 else (0,):
            settings = Settings(
                alpha=0.05, runs=arguments.runs, seed=arguments.seed, delta=0.03, top=top
            )
            choice, whole = choice_bound(log, settings)
            name = f"choice, {top} best" if top else "choice"
            told.append(f"{name} {choice:.0f} of {whole:.0f} ({whole / choice:.1f}×)")
        print(f"{one.name}: {'; '.join(told)}", flush=True)
    return 0 if seen else 1


if __name__ == "__main__":
    sys.exit(main())
