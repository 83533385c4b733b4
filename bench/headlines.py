"""How well false headlines are found: precision and recall on labelled lines and on patterns.

    python -m bench.headlines --show

The labelled lines of a language are split once and for all: `open` is what the rules were written
by, `aside` is looked at only in totals, with `--aside`. `more` are the open lines of the folder
`labelled/more`, counted apart: they were added later. Patterns are filled with invented names.
Exit 1 when a figure is below its bar: 95 % of the alarms right and 95 % of the false lines found,
99.5 % of the patterns' fair lines left alone and of their forbidden lines found, 100 µs a call
(the median over the open lines).
"""

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from pratique import __version__
from pratique.evals.headlines import instances
from pratique.evals.suites import packaged
from pratique.text.claims import false_claims

LOCALES = ("en", "zh-Hans", "zh-Hant")
LABELLED_BAR, PATTERN_BAR, CALL_BAR = 0.95, 0.995, 100.0
"""Shares of lines, and microseconds."""
REPEATS = 20
NORMAL = 1.959964
"""Two-sided 95 % of the normal distribution."""


class Line(msgspec.Struct, frozen=True):
    """One labelled line."""

    id: str
    """Name."""
    split: str
    """`open` or `aside`."""
    source: str
    """What was said."""
    summary: str
    """The line."""
    good: bool
    """Whether it reads the source fairly."""
    pattern: str
    """What it is an example of."""


class Counts(msgspec.Struct):
    """What became of fair and of false lines."""

    found: int = 0
    """False lines that were found."""
    missed: int = 0
    """False lines that were not."""
    alarms: int = 0
    """Fair lines that were called false."""
    passed: int = 0
    """Fair lines that were not."""

    def add(self, good: bool, alarm: bool) -> bool:
        """Count one line and say whether it was judged right."""
        self.found += alarm and not good
        self.missed += not alarm and not good
        self.alarms += alarm and good
        self.passed += not alarm and good
        return alarm != good


def labelled(folder: Path, locale: str) -> Iterator[Line]:
    """Yield the labelled lines of *locale*."""
    yield from decoded(folder / "labelled" / f"{locale}.jsonl")


def added(folder: Path, locale: str) -> Iterator[Line]:
    """Yield the open lines of *locale* that were added after the rules had been written."""
    for path in sorted((folder / "labelled" / "more").glob(f"{locale}*.jsonl")):
        yield from (one for one in decoded(path) if one.split == "open")


def decoded(path: Path) -> Iterator[Line]:
    """Yield the lines of one file."""
    for line in path.read_bytes().splitlines():
        yield msgspec.json.decode(line, type=Line)


def wilson(hits: int, total: int) -> str:
    """Return the share of *hits* with its 95 % interval, in words."""
    if not total:
        return "none"
    share, spread = hits / total, NORMAL**2 / total
    middle = share + spread / 2
    half = NORMAL * (share * (1 - share) / total + spread / 4 / total) ** 0.5
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return f"{share:6.1%} [{low:.1%}, {high:.1%}]"


def judged(lines: Iterable[Line], *, show: bool) -> Counts:
    """Judge *lines*; print those that were judged wrong where *show* is set."""
    counts = Counts()
    for one in lines:
        names = false_claims(one.source, one.summary)
        if not counts.add(one.good, bool(names)) and show:
            print(f"  {'ALARM' if one.good else 'MISS'} {one.id} {one.pattern} {', '.join(names)}")
            print(f"    {one.source[:200]!r}\n    {one.summary!r}")
    return counts


def generated(folder: Path, locale: str, each: int) -> Counts:
    """Judge the lines of *each* fillings of every pattern."""
    counts = Counts()
    for instance in instances(folder / "patterns", locale, each):
        source = "\n".join(instance.items)
        for good, lines in ((True, instance.fair), (False, instance.forbidden)):
            for line in lines:
                counts.add(good, bool(false_claims(source, line)))
    return counts


def microseconds(lines: list[Line]) -> float:
    """Return the median over *lines* of what a call takes."""
    costs = []
    for one in lines:
        began = time.perf_counter()
        for _ in range(REPEATS):
            false_claims(one.source, one.summary)
        costs.append((time.perf_counter() - began) / REPEATS * 1e6)
    return statistics.median(costs)


def reported(name: str, counts: Counts, bar: float) -> bool:
    """Print precision and recall of *counts*, if any, and say whether both reach *bar*."""
    if counts == Counts():
        return True
    alarms, wrong = counts.found + counts.alarms, counts.found + counts.missed
    below = min(counts.found / max(1, alarms), counts.found / max(1, wrong)) < bar
    print(
        f"{name:<20}{wrong + counts.alarms + counts.passed:>7}"
        f"   precision {wilson(counts.found, alarms):<26}"
        f"recall {wilson(counts.found, wrong):<26}" + ("BELOW" if below else "")
    )
    return not below


def reported_patterns(name: str, counts: Counts) -> bool:
    """Print the shares of patterns judged right and say whether both reach their bar."""
    fair, false = counts.alarms + counts.passed, counts.found + counts.missed
    shares = counts.passed / max(1, fair), counts.found / max(1, false)
    below = min(shares) < PATTERN_BAR
    print(
        f"{name:<20}{fair + false:>7}   fair kept {wilson(counts.passed, fair):<26}"
        f"false found {wilson(counts.found, false):<21}" + ("BELOW" if below else "")
    )
    return not below


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum of *counts*."""
    summed = Counts()
    for one in counts:
        for name in Counts.__struct_fields__:
            setattr(summed, name, getattr(summed, name) + getattr(one, name))
    return summed


def main() -> int:
    """Print the figures and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--aside", action="store_true", help="also the lines set aside, in totals")
    parser.add_argument("--show", action="store_true", help="print the open lines judged wrong")
    parser.add_argument("--each", type=int, default=20, help="fillings of each pattern")
    options = parser.parse_args()
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"pratique {__version__}, Python {platform.python_version()}, {system}")
    folder, good = packaged() / "false_headline", True
    splits = ("open", "more", "aside") if options.aside else ("open", "more")
    every: dict[str, list[Counts]] = {split: [] for split in splits}
    for locale in LOCALES:
        lines = list(labelled(folder, locale))
        by_split = {
            "open": [one for one in lines if one.split == "open"],
            "more": list(added(folder, locale)),
            "aside": [one for one in lines if one.split == "aside"],
        }
        for split in splits:
            counts = judged(by_split[split], show=options.show and split != "aside")
            every[split].append(counts)
            good &= reported(f"{locale} {split}", counts, LABELLED_BAR)
        counts = generated(folder, locale, options.each)
        good &= reported_patterns(f"{locale} patterns", counts)
        cost = microseconds(by_split["open"])
        good &= cost <= CALL_BAR
        print(f"{locale} call{'':<16}{cost:>10.0f} µs{'  ABOVE' if cost > CALL_BAR else ''}")
    for split, counted in every.items():
        good &= reported(f"all {split}", total(counted), LABELLED_BAR)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
