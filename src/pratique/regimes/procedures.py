"""Procedures: what may be due before a feature is offered, and which facts decide it."""

from typing import Literal

import msgspec

from pratique.regimes.citations import Bilingual, Cited, Number

Procedure = Literal["none", "registration", "filing", "ask"]
"""`ask`: nobody has published the answer, so the regulator is asked before anything is offered."""

Weights = Literal["unmodified_api", "modified", "self_hosted", "on_device", "rules_only"]
"""Whose weights run where."""

Known = Literal["yes", "no", "unknown"]


class ProcedureEntry(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One procedure."""

    id: Procedure
    """Name."""
    title: Bilingual
    """What it is called."""
    body: Bilingual
    """Who decides."""
    months_shortest: Number | None = None
    """Shortest time seen in practice."""
    months_longest: Number | None = None
    """Longest time seen in practice."""


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Facts under which a rule applies; what is left out does not matter."""

    offered_to_public: bool | None = None
    """Whether the public can use it."""
    weights: tuple[Weights, ...] = ()
    """Whose weights run where, any of these."""
    partner_filed: tuple[Known, ...] = ()
    """Whether the partner's own filing is known to hold, any of these."""


class RouteRule(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule; the first that applies decides."""

    id: str
    """Short name, printed in the evidence pack."""
    when: When = When()
    """Facts under which it applies."""
    procedure: Procedure
    """What is due then."""
    reason: Bilingual
    """Why."""
    open_questions: tuple[Bilingual, ...] = ()
    """What is left to ask."""


class ChangeRule(Cited, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a change of one part of a variant asks for."""

    part: str
    """Part of the variant."""
    kind: Literal["none", "notify", "file_again"]
    """What it asks for."""
    reason: str
    """Why."""
