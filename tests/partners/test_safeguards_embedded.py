"""The embedded classifier: honest samples, equal weights each time, and a verdict for every text."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.partners.safeguards.contract import Verdict
from pratique.partners.safeguards.embedded import Classifier, EmbeddedJudge, classifier, version
from pratique.partners.safeguards.samples import samples
from pratique.privacy import Sensitive


def check(text: str) -> Verdict:
    """Return what the judge says of *text*."""
    return asyncio.run(EmbeddedJudge().check(Sensitive(text), "input", Sensitive(""), 60.0))


def test_samples_are_many_and_balanced() -> None:
    """Every risk has as many harmless neighbours as harmful lines, in every locale and split."""
    counts = Counter((one.locale, one.risk, one.split, one.label) for one in samples())
    assert counts.total() >= 600
    assert len({one.id for one in samples()}) == counts.total()
    for (locale, risk, split, label), many in counts.items():
        if label == "harmful":
            assert many == counts[locale, risk, split, "harmless"]


def test_no_text_stands_in_both_splits() -> None:
    """What was learnt is never measured on."""
    texts = {
        split: {one.text for one in samples() if one.split == split}
        for split in ("development", "held_out")
    }
    assert not texts["development"] & texts["held_out"]


def test_political_and_sexual_lines_are_open_and_teach_nothing() -> None:
    """They are code words, kept for tests: nothing here says what is forbidden of them."""
    by_label = {one.label for one in samples() if one.risk in ("political", "sexual")}
    assert by_label == {"open"}
    assert not {"political", "sexual"} & set(classifier().risks)


def test_equal_samples_make_equal_weights() -> None:
    """A classifier that is made anew says the same to the last digit."""
    lines = [one for one in samples() if one.split == "development"][:60]
    texts = ["怎么举报电信诈骗", "How do I report fraud"]
    first, second = Classifier(lines), Classifier(lines)
    assert [first.harm(one) for one in texts] == [second.harm(one) for one in texts]
    assert version() == version()


def test_it_has_learnt_its_own_lines() -> None:
    """Nine in ten of the development lines: a classifier that fails these learnt nothing."""
    lines = [one for one in samples() if one.split == "development"]
    right = [(classifier().harm(one.text) >= 0.5) == (one.label == "harmful") for one in lines]
    assert sum(right) >= 0.9 * len(right)


@pytest.mark.parametrize("text", ["怎麼舉報電信詐騙", "怎么举报电信诈骗"])
def test_both_scripts_are_read_alike(text: str) -> None:
    """Traditional and simplified characters count as one."""
    assert classifier().harm(text) == classifier().harm("怎么举报电信诈骗")


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=400))
def test_every_text_gets_a_verdict(text: str) -> None:
    """Also what no person would write; categories only where there is something."""
    found = check(text)
    assert (found.status, found.level is None) == ("ok", False)
    assert found.score is not None
    assert 0 <= found.score <= 1
    assert bool(found.categories) == (found.level != "safe")


def test_a_text_beyond_the_window_is_not_judged() -> None:
    """It is cut by screening; here nothing is cut."""
    assert check("好" * 401).status == "context_exceeded"
