"""Scorers: worked examples of what meets a target, and references that are near one another."""

from collections.abc import Mapping

import pytest

from pratique.evals.metrics.translation import sentence_chrf
from pratique.evals.scorers import SCORERS, Target
from pratique.evals.scorers.texts import LEAST_CHRF
from pratique.evals.suites import packaged, read_suite
from pratique.features.packs import find_packs, read_pack
from pratique.features.packs import packaged as packaged_packs

Fields = Mapping[str, object]
NEWS = {
    "app_category": "news",
    "items": [{"id": "1", "title": "", "body": "A warrant is out for Orla Tennick.", "ts": ""}],
}


@pytest.mark.parametrize(
    ("scorer", "target", "request_", "output", "met", "why"),
    [
        (
            "rewritten",
            Target(must=(("thursday",),)),
            {"text": "can we do thursday?"},
            {"text": "Could we meet on Thursday?"},
            True,
            "",
        ),
        (
            "rewritten",
            Target(must=(("thursday",),)),
            {"text": "can we do thursday?"},
            {"text": "Can we do Thursday."},
            False,
            "not changed",
        ),
        (
            "rewritten",
            Target(must=(("thursday",),), same=True),
            {"text": "Thursday works."},
            {"text": "Thursday works."},
            True,
            "",
        ),
        (
            "rewritten",
            Target(never=("promise",)),
            {"text": "I'll try"},
            {"text": "I promise"},
            False,
            "says “promise”",
        ),
        (
            "notified",
            Target(must=(("7",),), covers=("a",)),
            {},
            {"line": "Dinner at 7", "covers": ["a"], "suppressed": False},
            True,
            "",
        ),
        (
            "notified",
            Target(must=(("7",),), covers=("a",)),
            {},
            {"line": "Dinner at 7", "covers": [], "suppressed": False},
            False,
            "leaves out `a`",
        ),
        (
            "notified",
            Target(must=(("7",),)),
            {},
            {"line": "", "covers": [], "suppressed": True},
            False,
            "suppressed without need",
        ),
        (
            "notified",
            Target(suppressed=True),
            {},
            {"line": "", "covers": [], "suppressed": True},
            True,
            "",
        ),
        (
            "notified",
            Target(suppressed=True),
            {},
            {"line": "He died", "covers": ["a"], "suppressed": False},
            False,
            "shown",
        ),
        (
            "translated",
            Target(accept=("I'll be there in 10 minutes.",)),
            {"target": "en"},
            {"text": "I will be there in 10 minutes"},
            True,
            "",
        ),
        (
            "translated",
            Target(accept=("I'll be there in 10 minutes.",)),
            {"target": "en"},
            {"text": "Dogs bark."},
            False,
            "far from every reference",
        ),
        (
            "translated",
            Target(accept=("我10分钟后到。",), must=(("10", "十"),)),
            {"target": "zh-Hans"},
            {"text": "我一会儿后到。"},
            False,
            "lacks “10”",
        ),
        (
            "headline",
            Target(never=("Orla Tennick arrested",)),
            NEWS,
            {"line": "Warrant out for Orla Tennick"},
            True,
            "",
        ),
        (
            "headline",
            Target(never=("Orla Tennick arrested",)),
            NEWS,
            {"line": "Orla Tennick arrested today"},
            False,
            "arrested",
        ),
        (
            "headline",
            Target(never=("Orla Tennick arrested",)),
            NEWS,
            {"line": "Police arrest Orla Tennick"},
            False,
            "changes a fact",
        ),
        ("headline", Target(never=("x",)), NEWS, {"line": ""}, False, "nothing was written"),
    ],
)
def test_a_target_is_met_exactly_where_it_should_be(
    scorer: str, target: Target, request_: Fields, output: Fields, met: bool, why: str
) -> None:
    """Worked examples, one row each; a target that is not met says why in its own words."""
    found = SCORERS[scorer].score(target, request_, output)
    assert found.met is met
    assert why in found.why if why else not found.why


def test_a_good_translation_is_near_a_reference() -> None:
    """The floor lets pass nearly every reference that is held against the others of its sample."""
    pack = read_pack(find_packs([packaged_packs()])["translate"])
    near, all_ = 0, 0
    for locale in pack.locales:
        suite = read_suite([packaged()], "translate", locale, pack.input_schema)
        for sample in suite.samples:
            accept = sample.target.accept
            for place, one in enumerate(accept):
                others = accept[:place] + accept[place + 1 :]
                if others:
                    all_ += 1
                    near += sentence_chrf(one, others).score.value >= LEAST_CHRF[locale[:2]]
    assert all_ > 300
    assert near / all_ > 0.95
