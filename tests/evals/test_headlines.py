"""Patterns of false headlines: filled the same way each time, and broken ones are named."""

from pathlib import Path

import pytest

from pratique.errors import Malformed
from pratique.evals.headlines import Instance, instances
from pratique.evals.suites import packaged

PATTERNS = packaged() / "false_headline" / "patterns"
LOCALES = ("en", "zh-Hans", "zh-Hant")
SMALL = """
[slots]
person = ["Orla Tennick", "Milo Pendrake"]

[[pattern]]
id = "warrant_arrest"
about = "A warrant is out; nobody has been arrested."
sources = ["A warrant is out for {person}.", "{person} is wanted.\\n{person2} is not."]
fair = ["{person} wanted"]
forbidden = ["{person} arrested"]
"""


def filled(folder: Path, text: str) -> list[Instance]:
    """Return the instances of one file of patterns."""
    (folder / "en.toml").write_text(text)
    return list(instances(folder, "en"))


@pytest.mark.parametrize("locale", LOCALES)
def test_there_are_at_least_thirty_patterns(locale: str) -> None:
    """Each with at least two hundred different sources, filled to the last slot."""
    found = list(instances(PATTERNS, locale))
    ids = {one.pattern.id for one in found}
    assert len(ids) >= 30
    texts = [text for one in found for text in (*one.items, *one.fair, *one.forbidden)]
    assert not any("{" in text or "}" in text for text in texts)
    assert all(set(one.fair).isdisjoint(one.forbidden) for one in found)
    assert len({(one.pattern.id, one.items) for one in found}) == len(found)


def test_a_pattern_is_filled_alike_each_time_and_never_with_one_name_twice(tmp_path: Path) -> None:
    """A suite's digest depends on it; and two people are two people."""
    first = filled(tmp_path, SMALL)
    assert first == list(instances(tmp_path, "en"))
    merged = [one for one in first if len(one.items) == 2]
    assert merged and all(one.items[0][:6] != one.items[1][:6] for one in merged)
    assert len(first) == 4  # two people in the first source, two pairs in the second


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{person} wanted", "{place} wanted", "slot `place` has no values"),
        ("{person} arrested", "{person2} arrested", "slot `person2` is not in every source"),
    ],
)
def test_a_slot_without_a_value_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A reading with an empty name would be neither fair nor forbidden."""
    with pytest.raises(Malformed, match=message):
        filled(tmp_path, SMALL.replace(f'"{old}"', f'"{new}"'))
