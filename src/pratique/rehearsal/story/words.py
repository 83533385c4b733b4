"""Words of the story's report, in both languages."""

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

    def sentence(self, step: Step, language: Language) -> str:
        """Return what *step* came to, in a sentence."""
        figures = {
            name: "–" if value in (None, "") else value for name, value in step.figures.items()
        }
        return self.steps[step.id][language].format(**figures, observed=step.observed)

    def label(self, name: str, language: Language) -> str:
        """Return a word inside of a picture."""
        return self.labels[name][language]


def read_words() -> Words:
    """Return the words of the report."""
    return read_toml(content() / "words.toml", Words)
