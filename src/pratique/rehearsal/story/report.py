"""The report of the story: a page in each language that stands by itself, its pictures, and JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pratique.errors import Unavailable
from pratique.rehearsal.story import pictures
from pratique.rehearsal.story.again import Again
from pratique.rehearsal.story.words import LANGUAGES, Language, Words, read_words
from pratique.store.figures import Value

if TYPE_CHECKING:
    from pratique.rehearsal.story.story import Told

_AFTER = {
    "others": ("verdicts",),
    "dropped": ("progress",),
    "support": ("load",),
    "complete": ("ramp",),
    "proved": ("road",),
}
"""Pictures that follow a chapter."""

_CODE = re.compile(r"`([^`]+)`")


def write_reports(folder: Path, told: "Told") -> tuple[Path, ...]:
    """Write `story.LANGUAGE.html`, `story.json` and the pictures into *folder*; return the pages.

    Raises:
        Unavailable: the folder cannot be written.
    """
    words = read_words()
    files = {
        "story.json": msgspec.json.format(msgspec.json.encode(told.document), indent=2).decode()
    }
    for language in LANGUAGES:
        drawn = draw(told, words, language)
        files[f"story.{language}.html"] = page(told, words, language, drawn)
        for name, picture in drawn.items():
            files[f"pictures/story-{name}.{language}.svg"] = picture + "\n"
    try:
        (folder / "pictures").mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unavailable(
            f"cannot write the report to `{folder}`: {error.strerror}", hint="free some space"
        ) from None
    return tuple(folder / name for name in files if "/" not in name)


def draw(told: "Told", words: Words, language: Language) -> Mapping[str, str]:
    """Return the pictures of the story by name."""
    return {
        "verdicts": pictures.verdicts(told.later, words, language),
        "progress": pictures.progress(told.course, words, language),
        "load": pictures.load(told.climbed, words, language),
        "ramp": pictures.ramp(told.looks, words, language),
        "road": pictures.road(told.road, words, language),
    }


def page(told: "Told", words: Words, language: Language, drawn: Mapping[str, str]) -> str:
    """Return the page."""
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    chapters = [
        (name, list(steps)) for name, steps in groupby(told.steps, key=lambda step: step.chapter)
    ]
    return environment.get_template("story.html").render(
        told=told,
        words=words,
        language=language,
        chapters=chapters,
        after=_AFTER,
        pictures=drawn,
        right=sum(one.ok for one in told.steps),
        same=sum(one.ok for one in told.again),
        figures=list(_figures(told.again, words, language)),
        shown=_shown,
        prose=_prose,
    )


def _prose(text: str) -> Markup:
    """Return *text* for a page, what stands between back ticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  (escaped before)


def _figures(
    again: Sequence[Again], words: Words, language: Language
) -> Iterator[tuple[str, list[Again], str]]:
    """Yield what figures are about, the figures, and what they were made again from."""
    about = dict.fromkeys(one.about for one in again)
    for name in about:
        figures = [one for one in again if one.about == name]
        kinds = dict.fromkeys(kind for one in figures for kind in one.kinds)
        yield name, figures, ", ".join(words.kind(kind, language) for kind in kinds)


def _shown(value: Value) -> str:
    """Return a figure for a table."""
    return f"{value:.6g}" if isinstance(value, float) else "–" if value is None else str(value)
