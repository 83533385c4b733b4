"""How long scoring takes: 10,000 answers of each feature, and the checks of one typical answer.

    python -m bench.scoring

Answers are those of the rules to the development samples, in every locale, in turn. Scoring is
what a run does with an answer: read, derive, validate, check, label, compare with the target.
Exit 1 when a figure is above its bar: 60 s for 10,000 answers, 200 µs for the checks of an answer
(the median over the samples).
"""

import argparse
import asyncio
import os
import platform
import statistics
import sys
import time
from collections.abc import Mapping

import msgspec

from pratique import __version__
from pratique.evals.results import result_of
from pratique.evals.suites import Sample, Suite, packaged, read_development, read_suite
from pratique.features.checks import checked
from pratique.features.packs import Pack, find_packs, read_pack
from pratique.features.packs import packaged as packaged_packs
from pratique.labels.policy import LabelPolicy, label_policy
from pratique.partners.catalogue import Candidate, find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.contract import Reply
from pratique.partners.pool import Pool
from pratique.privacy import Sensitive
from pratique.regimes.regime import load_regime
from pratique.serving.answer import answer, judged
from pratique.serving.guard import starter_guard
from pratique.serving.variant import Variant, variant_of

CODE = "001191000000MA0000000N10001"
"""A made-up producer code."""
SCORING_BAR, CHECKS_BAR = 60.0, 200.0
"""Seconds for 10,000 answers, and microseconds for the checks of a typical one."""
REPEATS = 50


class Answered(msgspec.Struct, frozen=True):
    """One sample with the rules' answer to it."""

    variant: Variant
    suite: Suite
    sample: Sample
    reply: Reply
    output: Mapping[str, object] | None


async def answered(pack: Pack, rules: Candidate, label: LabelPolicy) -> list[Answered]:
    """Return the answers of *rules* to every development sample of *pack*."""
    model, found = Pool({rules.partner.id: rules.partner}, "CN").connected(rules), []
    for locale in pack.locales:
        variant = variant_of(pack, rules, "CN", locale, label)
        sealed = read_suite([packaged()], pack.id, locale, pack.input_schema)
        suite = read_development(packaged(), sealed, pack.input_schema)
        for sample in suite.samples if suite else ():
            one = await answer(
                variant,
                Sensitive(sample.input),
                model,
                content_id="x",
                deadline=60.0,
                guard=starter_guard(),
            )
            reply = Reply(status="ok", text=one.draft or Sensitive(""))
            output = one.output.reveal() if one.output else None
            found.append(Answered(variant, suite or sealed, sample, reply, output))
    return found


def scoring_seconds(cases: list[Answered], count: int) -> float:
    """Return the seconds that scoring *count* answers takes."""
    began = time.perf_counter()
    for number in range(count):
        one = cases[number % len(cases)]
        found = judged(one.variant, Sensitive(one.sample.input), one.reply, content_id="x")
        result_of(found, one.suite, one.sample, number)
    return time.perf_counter() - began


def checks_microseconds(cases: list[Answered]) -> list[float]:
    """Return for each answer that came to something the microseconds that its checks take."""
    found = []
    for one in cases:
        if one.output is None:
            continue
        began = time.perf_counter()
        for _ in range(REPEATS):
            checked(one.variant.checks, one.variant.locale, one.sample.input, one.output)
        found.append((time.perf_counter() - began) / REPEATS * 1e6)
    return found


def main() -> int:
    """Print the figures and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=10_000)
    count = parser.parse_args().answers
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    print(f"pratique {__version__}, Python {platform.python_version()}, {system}")
    print(f"{'feature':<22}{'scoring':>12}{'checks of an answer: median':>29}{'95 %':>9}")
    partners = read_partners([packaged_partners()])
    label, above = label_policy(load_regime("cn-cac"), CODE), 0
    for name, folder in find_packs([packaged_packs()]).items():
        pack = read_pack(folder)
        seen = pack.file.role == "extend"  # a picture is read first
        by = find_candidate(partners, "embedded/ppocr" if seen else "embedded/rules")
        cases = asyncio.run(answered(pack, by, label))
        seconds, costs = scoring_seconds(cases, count), checks_microseconds(cases)
        typical, slow = statistics.median(costs), statistics.quantiles(costs, n=20)[-1]
        over = seconds * 10_000 / count > SCORING_BAR or typical > CHECKS_BAR
        above += over
        print(
            f"{name:<22}{seconds:>10.1f} s{typical:>26.0f} µs{slow:>7.0f} µs"
            + ("  ABOVE" if over else "")
        )
    print(f"{count} answers a feature, one process; {above} features above a bar")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
