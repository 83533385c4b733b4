"""How a model does on the development samples: `python -m bench.development [FEATURE] [--show]`.

Rules and prompts are written looking at these samples only. The sealed suites are for the verdict:
a figure on samples that somebody has tuned to says nothing.
"""

import argparse
import asyncio

from pratique.evals.results import result_of
from pratique.evals.suites import Suite, packaged, read_development, read_suite
from pratique.features.packs import Pack, find_packs, read_pack
from pratique.features.packs import packaged as packaged_packs
from pratique.labels.policy import LabelPolicy, label_policy
from pratique.partners.catalogue import Candidate, find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.contract import Model
from pratique.partners.pool import Pool
from pratique.privacy import Sensitive
from pratique.regimes.regime import load_regime
from pratique.serving.answer import answer
from pratique.serving.guard import starter_guard
from pratique.serving.variant import variant_of

CODE = "001191000000MA0000000N10001"
"""A made-up producer code; it does not change any answer."""


async def measure(
    pack: Pack, suite: Suite, policy: LabelPolicy, candidate: Candidate, model: Model, show: bool
) -> None:
    """Print the share of samples that pass, and with *show* each one that does not."""
    variant, passed = variant_of(pack, candidate, "CN", suite.locale, policy), 0
    for position, sample in enumerate(suite.samples):
        found = await answer(
            variant,
            Sensitive(sample.input),
            model,
            content_id="x",
            deadline=60,
            guard=starter_guard(),
        )
        result = result_of(found, suite, sample, position)
        passed += result.passed
        if show and not result.passed:
            print(f"{sample.id}: {sample.why}\n  {sample.input}\n  {result.draft}\n  {result.why}")
    count = len(suite.samples)
    print(f"{suite.name}: {passed} of {count} development samples pass ({passed / count:.0%})")


def main() -> None:
    """Measure the features that have development samples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feature", nargs="?")
    parser.add_argument("--locale")
    parser.add_argument("--candidate", default="embedded/rules")
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args()
    policy = label_policy(load_regime("cn-cac"), CODE)
    partners = read_partners([packaged_partners()])
    candidate = find_candidate(partners, chosen.candidate)
    model = Pool(partners, "CN").connected(candidate)
    print(candidate.name)
    for name, folder in find_packs([packaged_packs()]).items():
        if chosen.feature in (None, name):
            pack = read_pack(folder)
            for locale in pack.locales:
                sealed = read_suite([packaged()], name, locale, pack.input_schema)
                suite = read_development(packaged(), sealed, pack.input_schema)
                if suite is not None and chosen.locale in (None, locale):
                    asyncio.run(measure(pack, suite, policy, candidate, model, chosen.show))


if __name__ == "__main__":
    main()
