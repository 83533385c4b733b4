"""Dossiers: what a market wants to read: items of the report, files, and what only people do."""

from typing import Literal

import msgspec

from pratique.regimes.citations import Bilingual, Cited, Number

Applies = Literal["required", "if_asked", "not_involved"]
"""`if_asked`: not due by itself, yet some offices ask for it."""

Who = Literal["software", "people"]
"""`software`: measured or counted here. `people`: nobody but people can answer."""


class Chapter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chapter of the report."""

    id: str
    """Short name."""
    title: Bilingual
    """What it is called."""


class ReportItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of the safety self-assessment report."""

    number: int
    """Number, from 1."""
    chapter: str
    """Chapter that it stands in."""
    title: Bilingual
    """What it is about."""
    shows: Bilingual
    """What evidence it wants."""
    who: Who
    """Who answers."""
    filing: Applies
    """Whether a filing needs it."""
    registration: Applies
    """Whether a registration needs it."""
    pack: tuple[str, ...] = ()
    """Files of an evidence pack that bear on it; they answer nothing by themselves."""


class Report(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The report and its signatures."""

    title: Bilingual
    """What it is called."""
    signatures: Number
    """People who sign it at the least."""
    chapters: tuple[Chapter, ...]
    """Chapters, in order."""
    items: tuple[ReportItem, ...]
    """Items, in order."""


class Submission(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that is handed in."""

    id: str
    """Short name."""
    procedure: Literal["filing", "registration"]
    """Procedure that it belongs to."""
    title: Bilingual
    """What it is."""
    form: str
    """Its form: `docx`, `pdf`, `xlsx`, `account`."""
    document: str = ""
    """Document of the pack that it begins from: a template, `report`, `keywords` or `questions`."""
    applies: Applies
    """Whether it is due."""
    who: Who
    """Who makes it."""


class PeopleDuty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What no software can do."""

    id: str
    """Short name."""
    title: Bilingual
    """What it is."""
