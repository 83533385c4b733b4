"""Routes: which procedure is due for a variant, by the market's rules."""

from collections.abc import Sequence
from typing import Literal

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


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the regulator answered when it was asked which procedure is due."""

    rule: str
    """Rule of the regime by which it was asked."""
    procedure: Literal["none", "registration", "filing"]
    """What is due, by the answer."""
    zh: str
    """What was answered, by whom and when, in Chinese."""
    en: str
    """The same in English."""
    evidence: tuple[str, ...]
    """Files of the pack, or where else the answer is kept."""


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


def route(regime: Regime, facts: RouteFacts, answered: Sequence[Asked] = ()) -> Route:
    """Return what *regime* asks for *facts*: the first rule that applies decides.

    Where that rule says `ask`, what was *answered* takes its place, and the reason says so.
    """
    rule = next(rule for rule in regime.routes if _applies(rule, facts))
    found = next((one for one in answered if one.rule == rule.id), None)
    if rule.procedure == "ask" and found is not None:
        kept = ", ".join(found.evidence)
        return Route(
            procedure=found.procedure,
            rule=rule.id,
            reason=Bilingual(
                zh=f"{rule.reason.zh}已咨询，答复：{found.zh}（{kept}）",
                en=f"{rule.reason.en} It was asked, and answered: {found.en} ({kept})",
            ),
            open_questions=(),
            confidence=rule.confidence,
        )
    return Route(
        procedure=rule.procedure,
        rule=rule.id,
        reason=rule.reason,
        open_questions=rule.open_questions,
        confidence=rule.confidence,
    )


def require_asked(regime: Regime, answered: Sequence[Asked]) -> None:
    """Refuse answers to what *regime* does not ask, and such that show nothing.

    Raises:
        Malformed: names the rule.
    """
    asking = [rule.id for rule in regime.routes if rule.procedure == "ask"]
    seen: set[str] = set()
    for one in answered:
        if one.rule not in asking:
            raise Malformed(
                f"rule `{one.rule}` of `{regime.id}` asks for no answer about the procedure",
                hint=f"those that do: {', '.join(asking)}",
            )
        if one.rule in seen:
            raise Malformed(f"what rule `{one.rule}` asks is answered twice")
        seen.add(one.rule)
        if not (one.zh.strip() and one.en.strip() and one.evidence):
            raise Malformed(
                f"the answer to rule `{one.rule}` says nothing, or names no evidence",
                hint="say in `zh` and `en` who answered what and when; `evidence` names the letter",
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
