"""Checks of thinking: that it can be switched, and never stands in the answer."""

import msgspec

from pratique.partners.conformance.checks import (
    Failed,
    Unsupported,
    answered,
    checks,
    offered,
    require,
    undocumented,
)
from pratique.partners.conformance.subject import HELLO, Made, Subject
from pratique.partners.contract import Delta, Reply, Thought
from pratique.partners.remote.model import RemoteModel

_TAGS = ("<think>", "</think>")


async def thinking_off(subject: Subject) -> None:
    """A model that is told not to think does not."""
    if subject.can.thinking == "always":
        raise Unsupported("the model always thinks")
    if subject.can.thinking == "never":
        reply = answered(await subject.plain())
    else:
        call = subject.call()
        reply = await subject.once("silent", lambda: subject.ask(call, _switched(subject)))
        offered(reply, subject.can.thinking and True)
    _untagged(reply)
    quiet = not reply.reasoning.reveal() and not reply.usage.reasoning_tokens
    subject.establish("thinking_off", quiet)
    if not quiet and subject.can.thinking is None:
        raise Unsupported("it thinks all the same, and the catalogue does not say that it can stop")
    require(quiet, "it thinks all the same")


async def thinking_on(subject: Subject) -> None:
    """A model that is told to think does, and what it thinks comes apart from the answer."""
    made = await _thought(subject)
    subject.establish("thinking_on", True)
    subject.establish("reasoning_field", True)
    if made.reply.truncated:
        subject.wit(bool(made.text), "the answer was cut while it thought")
    require(bool(made.text.strip()), "it thought and did not answer")


async def thinking_apart(subject: Subject) -> None:
    """What was thought is no part of the answer."""
    reply = (await _thought(subject)).reply
    _untagged(reply)
    thought = reply.reasoning.reveal().strip()
    require(thought not in reply.text.reveal(), "the answer repeats what was thought")


async def thinking_first(subject: Subject) -> None:
    """In a stream, all thoughts come before the first piece of the answer."""
    kinds = [type(one) for one in (await _thought(subject)).events]
    first = kinds.index(Delta) if Delta in kinds else len(kinds)
    require(Thought not in kinds[first:], "a thought came after the answer had begun")


async def thinking_joins(subject: Subject) -> None:
    """The pieces of thought make up the reasoning of the reply."""
    made = await _thought(subject)
    require(made.thought == made.reply.reasoning.reveal(), "the pieces are not the reasoning")


async def thinking_counted(subject: Subject) -> None:
    """Tokens of reasoning are counted, as some of those written."""
    usage = (await _thought(subject)).reply.usage
    if not usage.reasoning_tokens:
        raise Unsupported("the partner does not count tokens of reasoning")
    require(usage.reasoning_tokens <= usage.output_tokens, "more was thought than written")


CHECKS = checks(
    thinking_off, thinking_on, thinking_apart, thinking_first, thinking_joins, thinking_counted
)


async def _thought(subject: Subject) -> Made:
    """Return a stream with thoughts in it."""
    known = subject.can.thinking
    if known == "never":
        undocumented("thinking")
    if known != "always" and subject.dialect.thinking == "none":
        raise Unsupported("the dialect has no switch for thinking")
    call = subject.call(HELLO, thinking=True)
    made = await subject.once("thought", lambda: subject.stream(call, _switched(subject)))
    offered(made.reply, known and True)
    if made.reply.reasoning.reveal():
        return made
    subject.establish("thinking_on", False)
    if known is None:
        raise Unsupported("no thought was seen, and the catalogue does not say that it can")
    raise Failed("no thought was seen")


def _switched(subject: Subject) -> RemoteModel:
    """Return the model with its switch sent, also where the catalogue does not know of one."""
    if subject.can.thinking is not None:
        return subject.model
    can = msgspec.structs.replace(subject.can, thinking="switchable")
    return subject.variant(capabilities=can)


def _untagged(reply: Reply) -> None:
    text = reply.text.reveal()
    require(not any(tag in text for tag in _TAGS), "tags of thought stand in the answer")
