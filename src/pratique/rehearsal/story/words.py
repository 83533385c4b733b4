"""Words of the story's report, in both languages."""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from pratique.rehearsal.story.cast import content
from pratique.rehearsal.story.telling import Step
from pratique.settings.toml import read_toml

Language = Literal["en", "zh"]
"""A language of the report."""

LANGUAGES: tuple[Language, ...] = ("zh", "en")

Said = Mapping[Language, str]
"""One text in both languages."""


_LISTS = ("missed", "unknown", "grounds")
"""Figures that list what the product has names for."""

_CODE = re.compile(r"[A-Za-z_]+(?::(?:\w+))?")


class Words(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `content/story/words.toml`."""

    page: Mapping[str, Said]
    """Words of the page."""
    chapters: Mapping[str, Said]
    """Titles of the chapters."""
    steps: Mapping[str, Said]
    """A sentence a step, with its figures."""
    pictures: Mapping[str, Said]
    """Titles of the pictures."""
    labels: Mapping[str, Said]
    """Words inside of pictures."""
    names: Mapping[str, Said]
    """What items, verdicts and tests are called in a sentence."""
    kinds: Mapping[str, Said]
    """What figures are made again from, by the kind of the record."""

    def sentence(self, step: Step, language: Language) -> str:
        """Return what *step* came to, in a sentence."""
        figures = {
            name: "–" if value in (None, "") else self._named(name, value, language)
            for name, value in step.figures.items()
        }
        return self.steps[step.id][language].format(**figures, observed=step.observed)

    def _named(self, figure: str, value: object, language: Language) -> object:
        """Return the *value* of a *figure*, with names in place of what the product calls things."""
        if figure not in _LISTS or not isinstance(value, str):
            return value
        return _CODE.sub(
            lambda found: self.names[found[0]][language] if found[0] in self.names else found[0],
            value,
        )

    def label(self, name: str, language: Language) -> str:
        """Return a word inside of a picture."""
        return self.labels[name][language]

    def kind(self, record: str, language: Language) -> str:
        """Return what figures of a kind of record are made again from."""
        return self.kinds[record][language]


def read_words() -> Words:
    """Return the words of the report."""
    return read_toml(content() / "words.toml", Words)
