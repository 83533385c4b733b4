"""Mistakes: wrong answers in the right form."""

import json

import jsonschema_rs
import msgspec
import pytest

from pratique.errors import NotFound
from pratique.evals.scorers import SCORERS
from pratique.evals.suites import Sample, SuiteFile
from pratique.evals.suites import packaged as packaged_suites
from pratique.features.checks import checked
from pratique.features.derive import derived
from pratique.features.packs import packaged as packaged_features
from pratique.features.packs import read_pack
from pratique.partners.rules import FEATURES, LOCALES, answer
from pratique.partners.rules.records import Request
from pratique.partners.simulated.mistakes import wrong
from pratique.settings.toml import read_toml

UNSEEN = {"proofread", "summarize", "keypoints", "notification_summary", "priority", "smart_reply"}
"""Features whose mistakes no check sees."""


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("feature", sorted({*FEATURES} - {"vision_ask"}))  # they see no picture
def test_a_wrong_answer_has_the_right_form_and_is_wrong(feature: str, locale: str) -> None:
    """It passes the schema and, of the features above, the checks: only the scorer finds it out.

    Where development samples exist, a mistake never passes where the rules have.
    """
    pack = read_pack(packaged_features() / feature)
    schema = jsonschema_rs.Draft202012Validator(pack.output_schema)
    path = packaged_suites() / feature / "dev" / f"{locale}.jsonl"
    lines = path.read_bytes().splitlines() if path.is_file() else []
    samples = [msgspec.json.decode(line, type=Sample) for line in lines]
    if feature == "translate":  # the rules translate what stands in their phrase book, and no more
        samples = [one for one in samples if _translated(one, locale)]
    inputs = [pack.file.example[locale], *(one.input for one in samples)]
    answers = []
    for n, given in enumerate(inputs):
        asked = {"feature": feature, "locale": locale, "input": given}
        rules = answer(msgspec.json.encode(asked))
        asking = msgspec.json.decode(msgspec.json.encode(asked), type=Request)
        mistaken = wrong(asking, rules, n / len(inputs))
        assert mistaken != rules
        output = derived(pack.file.derive, given, json.loads(mistaken))
        schema.validate(output)
        failed = [
            check.id
            for check in checked(pack.file.checks, locale, given, output)
            if not check.passed
        ]
        assert not failed or feature not in UNSEEN, failed
        answers.append((json.loads(rules), output, not failed))
    scorer = SCORERS[read_toml(packaged_suites() / feature / "suite.toml", SuiteFile).scorer].score
    for sample, (good, bad, holds) in zip(samples, answers[1:], strict=True):
        if scorer(sample.target, sample.input, good).met and not sample.target.same:
            assert not (holds and scorer(sample.target, sample.input, bad).met), sample.id


def _translated(sample: Sample, locale: str) -> bool:
    asked = {"feature": "translate", "locale": locale, "input": sample.input}
    try:
        answer(msgspec.json.encode(asked))
    except NotFound:
        return False
    return True


def test_a_mistake_spares_links_and_protected_words() -> None:
    """A stammer inside of either would fail a check, and not count as a wrong answer."""
    text = "See https://a.example/b or keep this"
    span = {"start": text.index("or"), "end": len(text)}
    given = msgspec.Raw(msgspec.json.encode({"text": text, "protected": [span]}))
    asked = Request(feature="proofread", locale="en", input=given)
    unchanged = msgspec.json.encode({"corrected": text})
    assert json.loads(wrong(asked, unchanged, 0.5)) == {"corrected": "See " + text}
    only = msgspec.Raw(msgspec.json.encode({"text": "42"}))
    asked = Request(feature="proofread", locale="en", input=only)
    assert json.loads(wrong(asked, b'{"corrected": "42"}', 0.5)) == {"corrected": "42."}
