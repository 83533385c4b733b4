"""Labelling duties: the marks that a market wants on generated content."""

from typing import Literal

import msgspec

from pratique.regimes.citations import Bilingual, Cited, Number

Nothing = Literal["none"]
"""The market asks for nothing here; said outright, so that it differs from what was forgotten."""


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
    mark: str
    """The same in a few characters, for a superscript."""
    also_known: tuple[str, ...] = ()
    """Whole statements of others that count as one when read."""


class ExplicitDuty(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Labels that people perceive."""

    texts: tuple[Elements, ...]
    """Statements, one for each locale."""
    image_height: Number | Nothing
    """Least height of the characters, of the shortest side."""
    video_seconds: Number | Nothing
    """Least time in the opening of a video."""
    speech_slowest: Number | Nothing
    """Slowest pace of a spoken statement."""
    speech_fastest: Number | Nothing
    """Fastest pace of a spoken statement."""


class AigcDuty(
    Cited,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="format",
    tag="gb45438-e",
):
    """A field of plain JSON in the file's data, by GB 45438-2025 annex E."""

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


class C2paDuty(
    Cited, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="format", tag="c2pa"
):
    """A signed manifest in the file, by C2PA."""

    source_type: str
    """IPTC word for where the content comes from."""
    text_watermark: Number | Nothing
    """Length from which free text carries a watermark; we write none."""


class NoImplicitDuty(
    Cited, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="format", tag="none"
):
    """The market does not ask for a label that machines read."""


ImplicitDuty = AigcDuty | C2paDuty | NoImplicitDuty
"""Labels that machines read; the key `format` says which."""


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
    unlabelled_log: Number | Nothing
    """How long a log is kept of content given without a visible label on request."""


class DisclosureText(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What users are told about the model, in one locale."""

    locale: str
    """Locale of the words."""
    notice: str
    """Sentence saying that this is a machine; `none` where it is not asked for."""
    model: str
    """Line with `{model}` for the model's name; `none` where it is not asked for."""
    number: str
    """Line with `{number}` for the regulator's number; `none` where it is not asked for."""


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
    texts: tuple[DisclosureText, ...]
    """The words, one entry for each locale."""
