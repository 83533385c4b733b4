"""Samples of the story: made by rule, so that what is right is certain."""

import json
from itertools import islice

import msgspec
import pytest

from pratique.evals.scorers.target import Target
from pratique.partners.rules import answer
from pratique.rehearsal.story.samples import FEATURES, LOCALES, Feature, Locale, samples


@pytest.mark.parametrize("locale", LOCALES)
def test_the_best_answers_find_what_each_search_was_made_from(locale: Locale) -> None:
    """A simulated model with quality 1 must be able to pass every sample."""
    for sample in islice(samples("photo_query", locale, 4), 200):
        found = json.loads(_answered("photo_query", locale, sample.input))
        slots = msgspec.to_builtins(sample.target.slots)
        assert {name: found[name] for name in slots} == json.loads(json.dumps(slots))


@pytest.mark.parametrize("locale", LOCALES)
def test_the_best_replies_hold_a_yes_and_a_no(locale: Locale) -> None:
    """Both groups of words that a reply must mention are there."""
    for sample in islice(samples("smart_reply", locale, 4), 200):
        said = " ".join(json.loads(_answered("smart_reply", locale, sample.input))["replies"])
        assert _mentions(said.lower(), sample.target)


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("locale", LOCALES)
def test_no_request_comes_twice(feature: Feature, locale: Locale) -> None:
    """A repeated request would draw the same, and count for two."""
    every = [json.dumps(one.input, ensure_ascii=False) for one in samples(feature, locale, 1)]
    assert len(set(every)) == len(every) > 600


def _answered(feature: str, locale: str, asked: object) -> bytes:
    return answer(msgspec.json.encode({"feature": feature, "locale": locale, "input": asked}))


def _mentions(said: str, target: Target) -> bool:
    return all(any(word in said for word in group) for group in target.must)
