"""Routes: which procedure is due for a variant, by the market's rules."""

from collections.abc import Sequence

import msgspec

from pratique.errors import Malformed
from pratique.regimes.citations import Bilingual, Confidence
from pratique.regimes.procedures import Known, Procedure, RouteRule, Weights
from pratique.regimes.regime import Regime


class RouteFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What decides the route of one variant."""

    offered_to_public: bool
    """Whether the public can use it."""
    weights: Weights
    """Whose weights run where."""
    partner_filed: bool | None = None
    """Whether the partner's own filing holds; None when nobody has checked."""


class Route(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is due, and why."""

    procedure: Procedure
    """What is due."""
    rule: str
    """Rule that decided."""
    reason: Bilingual
    """Why."""
    open_questions: tuple[Bilingual, ...]
    """What is left to ask."""
    confidence: Confidence
    """How far the rule may be trusted."""


def route(regime: Regime, facts: RouteFacts) -> Route:
    """Return what *regime* asks for *facts*: the first rule that applies decides."""
    rule = next(rule for rule in regime.routes if _applies(rule, facts))
    return Route(
        procedure=rule.procedure,
        rule=rule.id,
        reason=rule.reason,
        open_questions=rule.open_questions,
        confidence=rule.confidence,
    )


_KNOWN: dict[bool | None, Known] = {True: "yes", False: "no", None: "unknown"}


def _applies(rule: RouteRule, facts: RouteFacts) -> bool:
    when = rule.when
    known = _KNOWN[facts.partner_filed]
    return (
        (when.offered_to_public is None or when.offered_to_public == facts.offered_to_public)
        and (not when.weights or facts.weights in when.weights)
        and (not when.partner_filed or known in when.partner_filed)
    )


_STRICTEST: tuple[Procedure, ...] = ("filing", "ask", "registration", "none")


def together(routes: Sequence[Route]) -> Route:
    """Return the route of several variants that are submitted as one: the strictest.

    Every open question of every one of them stays open.

    Raises:
        Malformed: there are no variants.
    """
    if not routes:
        raise Malformed("no variant, so no route", hint="a filing holds at least one variant")
    strictest = min(routes, key=lambda one: _STRICTEST.index(one.procedure))
    questions = dict.fromkeys(question for one in routes for question in one.open_questions)
    return msgspec.structs.replace(strictest, open_questions=tuple(questions))
