"""Checks of limits: time, calls at once, length, names and keys."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from pratique.partners.conformance.checks import (
    Unsupported,
    answered,
    checks,
    require,
    shown,
)
from pratique.partners.conformance.subject import Subject
from pratique.partners.contract import Reply
from pratique.partners.standins.scenarios import Scenario, read_scenarios

_SLOW = "Write a long story about a lighthouse."
_DEADLINE, _DELAY, _LATE = 0.05, 5.0, 5.0
"""Seconds of a deadline too short to keep, of a stand-in's silence, and of what is much too late."""
_NOBODY = "no-such-model-7f3a"
_WRONG_KEY = "sk-this-is-the-key-of-nobody"
_SHORT_CONTEXT = 16_384
"""Tokens up to which a real model is sent more than it holds: what is refused is not paid."""


async def deadline(subject: Subject) -> None:
    """A call ends at its deadline, and the next one works."""
    reply = await _in_no_time(subject, stream=False)
    _require_in_time(reply)
    answered(await subject.ask(subject.call()))


async def deadline_stream(subject: Subject) -> None:
    """A stream ends at its deadline."""
    _require_in_time(await _in_no_time(subject, stream=True))


async def two_at_once(subject: Subject) -> None:
    """Two calls at once are answered, each with its own answer."""
    await _at_once(subject, 2)


async def eight_at_once(subject: Subject) -> None:
    """Eight calls at once are answered, each with its own answer."""
    await _at_once(subject, 8)


async def context_exceeded(subject: Subject) -> None:
    """A call that is too long for the model is told apart from other faults."""
    if subject.stand_in is not None:
        scenario = _too_long(subject.stand_in.dialect)
        with subject.playing(lambda _: scenario):
            reply = await subject.ask(subject.call(), subject.variant(place=subject.aside()))
    else:
        holds = subject.entry.limits.context_tokens or subject.entry.context_tokens
        if not 0 < holds <= _SHORT_CONTEXT:
            raise Unsupported("too dear to try: the model's context is long, or unknown")
        reply = await subject.ask(subject.call("morning " * holds * 2))
    require(reply.status == "context_exceeded", f"the call came to {shown(reply)}")


async def unknown_model(subject: Subject) -> None:
    """A model that does not exist is refused as a bad request."""
    model = subject.variant(place=subject.aside(), upstream=_NOBODY)
    reply = await subject.ask(subject.call(), model)
    if reply.status == "ok" and subject.stand_in is None:
        raise Unsupported("the server answers to any name")
    require(reply.status == "bad_request", f"the call came to {shown(reply)}")


async def wrong_key(subject: Subject) -> None:
    """A wrong key is refused as such, and the call is not tried again."""
    if subject.stand_in is None and not subject.may_try_wrong_key:
        raise Unsupported("not tried unasked: partners may lock an account for wrong keys")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "key"
        file.write_text(_WRONG_KEY, encoding="utf-8")
        model = subject.variant(place=subject.keyed(file))
        reply = await subject.ask(subject.call(), model)
    if reply.status == "ok" and not subject.candidate.partner.key_needed:
        raise Unsupported("the server takes calls without a key")
    require(reply.status == "auth", f"the call came to {shown(reply)}")
    require(reply.attempts == 1, "it was tried again")
    require(_WRONG_KEY not in reply.detail, "the key stands in the detail")


async def no_key(subject: Subject) -> None:
    """Without a key nothing is sent where one is needed."""
    if not subject.candidate.partner.key_needed:
        raise Unsupported("the partner needs no key")
    reply = await subject.ask(subject.call(), subject.variant(place=subject.keyed(None)))
    require(reply.status == "auth" and reply.attempts == 0, f"the call came to {shown(reply)}")


async def key_changed(subject: Subject) -> None:
    """A key that was changed in its file is taken up when the old one is refused."""
    key = subject.standing_in.key
    with TemporaryDirectory() as folder:
        file = Path(folder) / "key"
        file.write_text(_WRONG_KEY, encoding="utf-8")
        place = subject.keyed(file)
        place.key.header()
        file.write_text(key, encoding="utf-8")
        reply = await subject.ask(subject.call(), subject.variant(place=place))
    require(answered(reply).attempts == 2, "the new key was not tried at once")


async def turned_away(subject: Subject) -> None:
    """A server that has too many calls says so, and the call ends in those words."""
    stand_in = subject.standing_in
    stand_in.overload_above = 0
    try:
        reply = await subject.ask(subject.call(), subject.variant(place=subject.aside()))
    finally:
        stand_in.overload_above = None
    busy = reply.status in ("rate_limited", "overloaded")
    require(busy and reply.attempts > 1, f"the call came to {shown(reply)}")


CHECKS = checks(
    two_at_once,
    eight_at_once,
    deadline,
    deadline_stream,
    context_exceeded,
    unknown_model,
    wrong_key,
    no_key,
) + checks(key_changed, turned_away, stand_in_only=True)


async def _in_no_time(subject: Subject, *, stream: bool) -> Reply:
    model = subject.variant(place=subject.aside())
    call = subject.call(_SLOW, deadline=_DEADLINE)
    if subject.stand_in is not None:
        subject.stand_in.delay = _DELAY
    try:
        return (
            (await subject.stream(call, model)).reply if stream else await subject.ask(call, model)
        )
    finally:
        if subject.stand_in is not None:
            subject.stand_in.delay = 0.0


def _require_in_time(reply: Reply) -> None:
    require(reply.status in ("timeout", "ok"), f"the call came to {shown(reply)}")
    kept = reply.status == "timeout" or reply.seconds <= _DEADLINE
    require(kept and reply.seconds < _LATE, "the deadline was not kept")


async def _at_once(subject: Subject, number: int) -> None:
    texts = [
        f"Say good morning to neighbour {one}, in one short sentence." for one in range(number)
    ]
    replies = await asyncio.gather(*(subject.ask(subject.call(text)) for text in texts))
    for text, reply in zip(texts, replies, strict=True):
        answered(reply)
        if subject.stand_in is not None:
            require(text in reply.text.reveal(), "an answer went to another call")


def _too_long(dialect: str) -> Scenario:
    for scenario in read_scenarios(dialect).values():
        if scenario.expect.cause == "context_exceeded" and scenario.mode in ("plain", "both"):
            return scenario
    raise Unsupported("the dialect does not tell a call that is too long apart")
