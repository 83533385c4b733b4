"""Rubrics: a question about an answer, and the grades that may be given; for models and people."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.settings.toml import read_toml

Language = Literal["en", "zh-Hans", "zh-Hant"]
"""Languages in which rubrics and prompts are written."""

_Words = Annotated[str, msgspec.Meta(min_length=1)]


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sentence in each language."""

    en: _Words
    """English."""
    zh_hans: _Words = msgspec.field(name="zh-Hans")
    """Chinese, simplified."""
    zh_hant: _Words = msgspec.field(name="zh-Hant")
    """Chinese, traditional."""

    def to(self, language: Language) -> str:
        """Return the sentence in *language*."""
        match language:
            case "en":
                return self.en
            case "zh-Hans":
                return self.zh_hans
            case "zh-Hant":
                return self.zh_hant


class Grade(Said, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One grade, with what it means in each language."""

    value: int
    """The grade; a higher one is better."""


class Rubric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked about an answer: a file of `content/judges/rubrics`."""

    id: str
    """Name, its file's."""
    revision: int
    """Raised whenever its words change: judgements speak of this revision only."""
    question: Said
    """What is asked."""
    grades: tuple[Grade, ...]
    """The grades, worst first."""
    met: int
    """The least grade with which the answer does what was asked."""

    @property
    def values(self) -> tuple[int, ...]:
        """The grades' values, worst first."""
        return tuple(grade.value for grade in self.grades)

    def share(self, value: int) -> float:
        """Return *value* from 0 (the worst grade) to 1 (the best)."""
        low, high = self.grades[0].value, self.grades[-1].value
        return (value - low) / (high - low)


def packaged() -> Path:
    """Return the folder of the rubrics that come with the product."""
    return Path(str(files("pratique") / "content" / "judges" / "rubrics"))


def read_rubric(folders: Sequence[Path], name: str) -> Rubric:
    """Return the rubric called *name* from the first of *folders* that has it.

    Raises:
        NotFound: there is none.
        Malformed: it has fewer than two grades, grades that do not rise, or a line that is none.
    """
    known: Mapping[str, Path] = {
        path.stem: path for folder in reversed(folders) for path in sorted(folder.glob("*.toml"))
    }
    if name not in known:
        raise NotFound(f"no rubric `{name}`", hint=f"known: {', '.join(sorted(known)) or 'none'}")
    found = read_toml(known[name], Rubric)
    if found.id != name:
        raise Malformed(f"`id` is `{found.id}`, not the file's name", path=known[name])
    if len(found.values) < 2 or sorted(set(found.values)) != list(found.values):
        raise Malformed("`grades` must be two or more, their values rising", path=known[name])
    if found.met not in found.values[1:]:
        raise Malformed(
            f"`met` is {found.met}: no grade above the worst",
            hint=f"one of {', '.join(map(str, found.values[1:]))}",
            path=known[name],
        )
    return found
