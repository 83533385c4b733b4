"""Templates of documents: sections of paragraphs and tables, as data in two languages."""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import msgspec

from pratique.errors import Malformed
from pratique.regimes.citations import Bilingual
from pratique.settings.toml import read_toml

_NAMED = re.compile(r"\{(\w+)\}")

FACTS = frozenset({"producer", "producer_code", "features", "procedure", "models", "partners"})
"""What a template may name in braces."""


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a table of two columns."""

    label: Bilingual
    """What it is."""
    value: Bilingual
    """What stands there."""


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part under one heading."""

    title: Bilingual
    """The heading."""
    paragraphs: tuple[Bilingual, ...] = ()
    """Text."""
    rows: tuple[Row, ...] = ()
    """A table below the text."""


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document to be filled in. What stands in 【】 is for people and shows in red."""

    title: Bilingual
    """What it is called."""
    sections: tuple[Section, ...]
    """Its parts, in order."""


def folder(regime: str) -> Path:
    """Return where the templates of *regime* are."""
    return Path(str(files("pratique") / "content" / "documents" / regime))


def read_template(regime: str, name: str) -> Template:
    """Return the template *name* of *regime*.

    Raises:
        NotFound: there is none.
        Malformed: it names something in braces that is no fact.
    """
    path = folder(regime) / f"{name}.toml"
    found = read_toml(path, Template)
    for text in _texts(found):
        for name_ in _NAMED.findall(text.zh + text.en):
            if name_ not in FACTS:
                raise Malformed(
                    f"`{{{name_}}}` is no fact", path=path, hint=", ".join(sorted(FACTS))
                )
    return found


def filled(text: str, facts: Mapping[str, str]) -> str:
    """Return *text* with *facts* in place of their names; an empty one is left for people."""
    return _NAMED.sub(lambda found: facts[found[1]] or "【—】", text)


def _texts(template: Template) -> list[Bilingual]:
    found = [template.title]
    for section in template.sections:
        found += [section.title, *section.paragraphs]
        found += [text for row in section.rows for text in (row.label, row.value)]
    return found
