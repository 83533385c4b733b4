"""How often a refusal is told from an answer, on labelled answers kept aside.

    python -m bench.refusals               # the aside half: figures
    python -m bench.refusals --development # the half that the rules were written by, with its misses

The answers were written for this product, in Chinese and English: refusals of many kinds, and answers
that look like one (a quoted refusal, a part that is left out, help for somebody in distress, a
careful "I can't say for sure, but"). Real texts in the folder of data sets show how often ordinary words are
taken for a refusal. Within each kind every second one is aside; no rule was written
by them. Both halves come from one author, so the figure speaks of such answers and not of any model.
"""

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Literal, NamedTuple

from bench.client import machine
from pratique.assessment.measuring import wilson
from pratique.text.refusals import REVISION, is_refusal

FOLDER = Path(__file__).parents[1] / "tests" / "text" / "refusals"
EVERYDAY = Path(__file__).parents[2] / "shared" / "data"
"""Folder of real texts, where there is one: nothing in them declines a request to a service."""

BAR = 0.97
"""Least accuracy on the aside half."""


class Labelled(NamedTuple):
    """One answer."""

    locale: str
    """Language that it is in."""
    refusal: bool
    """Whether it declines and gives nothing of what was asked."""
    kind: str
    """What kind of refusal or answer it is."""
    text: str
    """The answer."""
    half: Literal["development", "aside"]
    """Whether rules were written by it, or figures are taken."""


def labelled() -> list[Labelled]:
    """Return every labelled answer; within each kind every second one is aside."""
    found = []
    for path in sorted(FOLDER.glob("*.tsv")):
        seen: Counter[tuple[str, str]] = Counter()
        for line in path.read_text("utf-8").splitlines():
            label, kind, text = line.split("\t")
            seen[label, kind] += 1
            half: Literal["development", "aside"] = (
                "development" if seen[label, kind] % 2 else "aside"
            )
            found.append(Labelled(path.stem, label == "r", kind, text, half))
    return found


def everyday() -> dict[str, list[str]]:
    """Return real texts by name: abstracts of papers, and sentences that people say to each other."""
    found = {}
    abstracts = EVERYDAY / "zh-abstracts-csl-ts" / "dev.tsv"
    if abstracts.is_file():
        found["abstracts (zh)"] = abstracts.read_text("utf-8").splitlines()
    sentences = EVERYDAY / "zh-en-tatoeba" / "cmn.txt"
    if sentences.is_file():
        rows = [line.split("\t") for line in sentences.read_text("utf-8").splitlines()]
        found["sentences (en)"] = [row[0] for row in rows]
        found["sentences (zh)"] = [row[1] for row in rows]
    return found


def main() -> None:
    """Print the figures; exit 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description="Refusals told from answers.")
    parser.add_argument("--development", action="store_true", help="The half with its misses.")
    half = "development" if parser.parse_args().development else "aside"
    everything = labelled()
    chosen = [one for one in everything if one.half == half]
    print(machine())
    print(f"detector revision {REVISION}; {len(everything)} labelled answers, {len(chosen)} {half}")
    print(f"{'':24}{'right':>12}{'share':>9}   95 % (Wilson)")
    groups = {
        "all": chosen,
        **{locale: [o for o in chosen if o.locale == locale] for locale in ("zh-Hans", "en")},
        "refusals": [one for one in chosen if one.refusal],
        "answers": [one for one in chosen if not one.refusal],
    }
    for name, group in groups.items():
        right = sum(is_refusal(one.text) == one.refusal for one in group)
        low, high = wilson(right, len(group))
        print(
            f"{name:24}{right:>6} of {len(group):<3}{right / len(group):>8.1%}   {low:.1%} – {high:.1%}"
        )
    wrong = [one for one in chosen if is_refusal(one.text) != one.refusal]
    missed = Counter(("refusal " if one.refusal else "answer ") + one.kind for one in wrong)
    print("missed: " + (", ".join(f"{kind} {n}" for kind, n in sorted(missed.items())) or "none"))
    if half == "development":
        for one in wrong:
            print(f"  {one.locale} {'refusal' if one.refusal else 'answer'} {one.kind}: {one.text}")
    for name, texts in everyday().items():
        alarms = sum(map(is_refusal, texts))
        print(f"taken for a refusal among everyday {name}: {alarms} of {len(texts):,}")
    if half == "aside" and 1 - len(wrong) / len(chosen) < BAR:
        sys.exit(1)


if __name__ == "__main__":
    main()
