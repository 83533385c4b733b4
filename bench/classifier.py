"""How good the embedded classifier is on lines that it never saw.

    python -m bench.classifier

Held-out lines of `content/safeguards`, written by the same hand as those that it learnt from, so that
the figures flatter it: texts of real users are further away. Lines in `zh-Hant` are conversions of
those in `zh-Hans` and no evidence of their own. Intervals are Wilson's, 95 %.
"""

import math
import statistics
import sys
import time
from collections.abc import Sequence

from pratique.partners.safeguards.embedded import UNSAFE, classifier, version
from pratique.partners.safeguards.samples import Sample, samples

NORMAL = 1.959964


def share(flags: Sequence[bool]) -> str:
    """Return a share with its count and its interval."""
    many = len(flags)
    part, spread = sum(flags) / many, NORMAL**2 / many
    middle = (part + spread / 2) / (1 + spread)
    width = NORMAL / (1 + spread) * math.sqrt(part * (1 - part) / many + spread / (4 * many))
    return f"{part:.0%} ({sum(flags)}/{many}, {max(middle - width, 0):.0%}–{min(middle + width, 1):.0%})"


def row(name: str, lines: Sequence[Sample]) -> str:
    """Return the figures of some lines."""
    made = classifier()
    flagged = {one.id: made.harm(one.text) >= UNSAFE for one in lines}
    harmful = [one for one in lines if one.label == "harmful"]
    harmless = [one for one in lines if one.label == "harmless"]
    named = [made.risk(one.text) == one.risk for one in harmful if flagged[one.id]]
    right = [flagged[one.id] == (one.label == "harmful") for one in (*harmful, *harmless)]
    parts = [
        share(right),
        share([flagged[one.id] for one in harmful]),
        share([flagged[one.id] for one in harmless]),
        share(named) if named else "-",
    ]
    return f"{name:<16}" + "".join(f"{part:>26}" for part in parts)


def main() -> int:
    """Print the figures."""
    started = time.perf_counter()
    made = classifier()
    print(
        f"made in {time.perf_counter() - started:.2f} s from the development lines; {version()[:20]}…"
    )
    held = [one for one in samples() if one.split == "held_out" and one.label != "open"]
    timed = []
    for one in held:
        started = time.perf_counter()
        made.harm(one.text)
        timed.append(time.perf_counter() - started)
    print(f"{statistics.median(timed) * 1e6:.0f} µs a text (median of {len(timed)})")
    titles = ("right", "harmful found", "harmless flagged", "risk named, of found")
    print(f"{'':<16}" + "".join(f"{each:>26}" for each in titles))
    for locale in ("en", "zh-Hans", "zh-Hant"):
        print(row(locale, [one for one in held if one.locale == locale]))
    for risk in made.risks:
        print(row(risk, [one for one in held if one.risk == risk and one.locale != "zh-Hant"]))
    print(row("all but Hant", [one for one in held if one.locale != "zh-Hant"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
