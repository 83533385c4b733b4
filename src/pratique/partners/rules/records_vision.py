"""Records of the feature that answers a question about a picture."""

from typing import Literal

import msgspec

from pratique.partners.rules.records_pictures import Picture


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all records here share: frozen, by keyword, no unknown fields."""


class VisionAskInput(_Record, frozen=True):
    """A picture, and what the user asks about it."""

    ocr_text: str = ""
    """What was read off the picture, line by line."""

    image: Picture | None = None
    """The picture; the rules see what was read of it."""

    question: str | None = None
    """The user's question; without it, what the picture shows."""

    consent_token: str | None = None
    """Says that the user agreed to send this picture."""


ActionKind = Literal["call", "copy", "event", "map", "open", "translate"]
"""What the phone can do with a part of a picture."""


class Action(_Record, frozen=True):
    """One thing that the phone may offer."""

    kind: ActionKind
    """What it does."""

    value: str
    """What it does it with, as written in the picture."""


class Answer(_Record, frozen=True):
    """What the picture says to a question."""

    answer: str
    """In the language of the locale; quotes the picture."""

    cites: tuple[str, ...]
    """Lines that it rests on, as read."""

    actions: tuple[Action, ...]
    """What the phone may offer, at most ten."""
