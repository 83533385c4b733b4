"""One request through one variant: screened, put to its model, read, checked, screened, labelled."""

import time
from collections.abc import Mapping, Sequence

import msgspec

from pratique.errors import Malformed
from pratique.partners.contract import Call, Model, Reply, Usage
from pratique.privacy import Sensitive
from pratique.serving.admission import Admitted, let_in
from pratique.serving.answers import Answer, AnswerStatus
from pratique.serving.calls import call_of, repair_of
from pratique.serving.guard import Guard
from pratique.serving.outcome import judged, let_out
from pratique.serving.upstream import replied
from pratique.serving.validators import BadInput, input_fault
from pratique.serving.variant import Variant

__all__ = ["Answer", "AnswerStatus", "BadInput", "Way", "answer", "judged", "require_valid_input"]

Way = tuple[Variant, Model]
"""A variant that is approved, with its model."""

_OVER = frozenset(
    ("rate_limited", "quota_exhausted", "auth", "overloaded", "timeout", "unavailable")
)
"""Replies after which another partner may be asked: never a refusal, never a filter's word."""


def require_valid_input(variant: Variant, request: Mapping[str, object]) -> None:
    """Refuse an input that does not fit the variant's schema.

    Raises:
        BadInput: names the place and the rule.
    """
    fault = input_fault(variant, request)
    if fault:
        raise BadInput(fault)


async def answer(
    variant: Variant,
    request: Sensitive[Mapping[str, object]],
    model: Model,
    *,
    content_id: str,
    deadline: float,
    guard: Guard,
    fallbacks: Sequence[Way] = (),
) -> Answer:
    """Return what *variant*, served by *model*, answers to *request*, a valid input.

    *content_id* numbers the content in its label. After *deadline* seconds the call is given up
    and counts as a time-out. Where a check fails the model is asked once more, with the reason,
    if its prompt says how; an answer that fails again is `invalid`. *guard* screens what goes in
    and what comes out. Where the partner is in trouble *fallbacks* are tried in their order within
    the same deadline; never after a refusal.

    Raises:
        BadInput: the request's picture is none that is taken.
        Malformed: a fallback is for another feature, market or locale.
    """
    until = time.monotonic() + deadline
    ways = ways_of(variant, model, fallbacks)
    admitted = await let_in(variant, request, guard)
    if isinstance(admitted, Answer):
        return admitted
    for number, way in enumerate(ways):
        found = await once(way, admitted, content_id, until, guard)
        if number + 1 == len(ways) or not falls_over(found, until):
            break
    return msgspec.structs.replace(found, by=number) if number else found


def ways_of(variant: Variant, model: Model, fallbacks: Sequence[Way]) -> tuple[Way, ...]:
    """Return all ways to answer, in the order in which they are tried.

    Raises:
        Malformed: a fallback is for another feature, market or locale.
    """
    for other, _ in fallbacks:
        asked, offered = ((one.market, one.feature, one.locale) for one in (variant, other))
        if asked != offered:
            raise Malformed(
                f"a fallback for `{'/'.join(asked)}` is for `{'/'.join(offered)}`",
                hint="a fallback answers the same feature in the same market and locale",
            )
    return ((variant, model), *fallbacks)


def falls_over(found: Answer, until: float) -> bool:
    """Say whether another way may be tried after *found*, before *until*."""
    return found.status == "failed" and found.reply in _OVER and time.monotonic() < until


async def once(way: Way, admitted: Admitted, content_id: str, until: float, guard: Guard) -> Answer:
    """Return what one *way* answers to a request that was let in, repaired once at most."""
    variant, model = way
    call = call_of(variant, admitted, content_id, max(until - time.monotonic(), 0.0))
    reply = await replied(model, call)
    found = await mended(way, admitted, call, reply, content_id, until)
    return await let_out(variant, admitted, found, guard)


async def mended(
    way: Way, admitted: Admitted, call: Call, reply: Reply, content_id: str, until: float
) -> Answer:
    """Return what *reply* comes to; where a check fails, what the model makes of it when told so."""
    variant, model = way
    first = judged(variant, admitted.request, reply, content_id=content_id)
    left = until - time.monotonic()
    if first.status != "invalid" or not variant.prompt.repair or left <= 0:
        return first
    reasons = [f"{check.id}: {check.why}" for check in first.checks if not check.passed]
    again = await replied(model, repair_of(variant, call, reply.text.reveal(), reasons, left))
    second = judged(variant, admitted.request, again, content_id=content_id)
    return msgspec.structs.replace(
        # Where the second call gave nothing at all, the first answer is what there is to tell of.
        second if second.status in ("ok", "invalid", "blocked", "refused") else first,
        usage=_sum(first.usage, second.usage),
        seconds=first.seconds + second.seconds,
        asked=2,
    )


def _sum(first: Usage, second: Usage) -> Usage:
    return Usage(
        input_tokens=first.input_tokens + second.input_tokens,
        output_tokens=first.output_tokens + second.output_tokens,
        cached_tokens=first.cached_tokens + second.cached_tokens,
        reasoning_tokens=first.reasoning_tokens + second.reasoning_tokens,
        estimated=first.estimated or second.estimated,
    )
