"""Mistakes: wrong answers in the right form."""

import json

import jsonschema_rs
import msgspec
import pytest

from pratique.evals.scorers import SCORERS
from pratique.evals.suites import Sample
from pratique.evals.suites import packaged as packaged_suites
from pratique.features.checks import checked
from pratique.features.derive import derived
from pratique.features.packs import packaged as packaged_features
from pratique.features.packs import read_pack
from pratique.partners.rules import FEATURES, LOCALES, answer
from pratique.partners.rules.records import Request
from pratique.partners.simulated.mistakes import wrong


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("feature", FEATURES)
def test_a_wrong_answer_has_the_right_form_and_is_wrong(feature: str, locale: str) -> None:
    """It passes the schema and every check, so that only the scorer finds it out.

    Where development samples exist, a mistake never meets the target of one that was met.
    """
    pack = read_pack(packaged_features() / feature)
    schema = jsonschema_rs.Draft202012Validator(pack.output_schema)
    path = packaged_suites() / feature / "dev" / f"{locale}.jsonl"
    lines = path.read_bytes().splitlines() if path.is_file() else []
    samples = [msgspec.json.decode(line, type=Sample) for line in lines]
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
        for check in checked(pack.file.checks, locale, given, output):
            assert check.passed, (check.id, check.why)
        answers.append((json.loads(rules), output))
    scorer = {"proofread": "accepted", "priority": "urgency"}.get(feature, "mentions")
    for sample, (good, bad) in zip(samples, answers[1:], strict=True):
        if SCORERS[scorer].score(sample.target, good).met:
            assert not SCORERS[scorer].score(sample.target, bad).met, sample.id


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
