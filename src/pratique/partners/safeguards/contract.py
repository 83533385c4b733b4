"""The contract of a judge, from the partners' side: what it can tell, and what it said.

Screening declares the same shape and is handed the judges; the two rooms do not know each other.
"""

from typing import Literal

import msgspec

from pratique.partners.contract import Status

Role = Literal["input", "output"]
"""Whose words are judged: the user's or the model's."""

Level = Literal["safe", "controversial", "unsafe"]
"""How bad it is."""

Category = Literal[
    "abuse",
    "advertising",
    "dangerous",
    "defamation",
    "drugs",
    "elections",
    "fraud",
    "gambling",
    "hate",
    "illegal_goods",
    "injection",
    "intellectual_property",
    "minors",
    "political",
    "privacy",
    "professional_advice",
    "self_harm",
    "sexual",
    "terrorism",
    "violence",
    "other",
]
"""What content may be about, whoever judges: partners' own labels are read as these."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a judge says of one text. Holds no content."""

    status: Status = "ok"
    """`ok`, or why there is no verdict."""
    level: Level | None = None
    """How bad it is; None unless `ok`: no verdict is never `safe`."""
    categories: tuple[Category, ...] = ()
    """What it is about, each once."""
    score: float | None = None
    """From 0, surely harmless, to 1; None where the judge gives none."""
    model: str = ""
    """Who judged, `partner/model`."""
    version: str = ""
    """What pins its behaviour."""
    labels: tuple[str, ...] = ()
    """The partner's own labels, as it wrote them; bounded."""
    code: str = ""
    """The partner's own code where there is no verdict."""
    request_id: str = ""
    """The partner's name for the call."""
    retry_after: float | None = None
    """Seconds that the partner asks to wait; None where it does not say."""


def each_once(categories: list[Category]) -> tuple[Category, ...]:
    """Return *categories* in their order, each once."""
    return tuple(dict.fromkeys(categories))
