"""Labelling duties: the marks that a market wants on generated content."""

import msgspec

from pratique.regimes.citations import Bilingual, Cited, Number


class Elements(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The two things that a visible statement must say, in one locale."""

    locale: str
    """Locale of the statement."""
    machine: tuple[str, ...]
    """Words of which one must stand for the machine."""
    making: tuple[str, ...]
    """Words of which one must stand for the making."""
    statement: str
    """What we write."""
    also_known: tuple[str, ...] = ()
    """Whole statements of others that count as one when read."""


class ExplicitDuty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Labels that people perceive."""

    texts: tuple[Elements, ...]
    """Statements, one for each locale."""
    image_height: Number
    """Least height of the characters, of the shortest side."""
    video_seconds: Number
    """Least time in the opening of a video."""
    speech_slowest: Number
    """Slowest pace of a spoken statement."""
    speech_fastest: Number
    """Fastest pace of a spoken statement."""


class ImplicitDuty(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Labels that machines read."""

    format: str
    """Name of the format."""
    keyword: str
    """Key under which it stands."""
    fields: tuple[str, ...]
    """Fields, in order."""
    states: tuple[str, ...]
    """Values of the first field: it is, it may be, it is suspected."""
    charset: tuple[tuple[int, int], ...]
    """Bytes that a value may hold, as inclusive ranges."""
    exactly_one: bool
    """Whether a second label is a fault."""
    first_write_equal: bool
    """Whether propagator and producer are the same when it is first written."""
    code_length: Number
    """Characters of a producer code."""


class LabelDuty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of a market's labelling duties."""

    policy: str
    """Name of the label policy that follows from them."""
    revision: int
    """Its revision; raised when what is written changes."""
    explicit: ExplicitDuty
    """What people perceive."""
    implicit: ImplicitDuty
    """What machines read."""
    unlabelled_log: Number
    """How long a log is kept of content given without a visible label on request."""


class DisplayDuty(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What users are shown about the model."""

    model_name: bool
    """Whether its name is shown."""
    number: bool
    """Whether the regulator's number is shown."""
    places: tuple[str, ...]
    """Where: `detail_page`, `settings`."""
    title: Bilingual
    """What it asks for."""
