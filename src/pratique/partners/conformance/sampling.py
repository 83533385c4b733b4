"""Checks of how an answer is drawn and where it ends."""

from pratique.partners.conformance.checks import (
    Unsupported,
    answered,
    checks,
    offered,
    require,
)
from pratique.partners.conformance.subject import Subject
from pratique.partners.contract import Reply
from pratique.text.lengths import estimated_tokens

_COUNT = "Count from 1 to 60 in digits, with a comma after each number, and nothing else."
_FEW = 8
"""Tokens that are too few for `_COUNT`."""


async def max_tokens(subject: Subject) -> None:
    """An answer ends at the token limit, and says that it was cut."""
    _cut(subject, await subject.ask(subject.call(_COUNT, max_tokens=_FEW)))


async def max_tokens_stream(subject: Subject) -> None:
    """A stream ends at the token limit, and says that it was cut."""
    _cut(subject, (await subject.stream(subject.call(_COUNT, max_tokens=_FEW))).reply)


async def one_token(subject: Subject) -> None:
    """A limit of one token is taken."""
    reply = offered(await subject.ask(subject.call(_COUNT, max_tokens=1)), True)
    require(estimated_tokens(reply.text.reveal()) <= 8, "a limit of one token was not kept")


async def stop(subject: Subject) -> None:
    """An answer ends before a string to stop at."""
    end, text = await _ending(subject)
    _stopped(subject, answered(await subject.ask(subject.call(stop=(end,)))), end, text)


async def stop_stream(subject: Subject) -> None:
    """A stream ends before the first of four strings to stop at."""
    end, text = await _ending(subject)
    ends = ("\u2042\u2042", end, "|||", "###")
    made = await subject.stream(subject.call(stop=ends))
    _stopped(subject, answered(made.reply), end, text)


async def repeatable(subject: Subject) -> None:
    """The same call at temperature 0 and with the same seed comes to the same text."""
    again = answered(await subject.ask(subject.call()))
    same = again.text.reveal() == answered(await subject.plain()).text.reveal()
    subject.establish("repeatable", same)
    subject.wit(same, "the same call came to another text")


async def seed(subject: Subject) -> None:
    """A seed is sent where the partner takes one, and only there."""
    if not subject.dialect.seed:
        answered(await subject.plain())
        if subject.stand_in is None:
            raise Unsupported("the partner takes no seed")
    answered(await subject.ask(subject.call(seed=7, temperature=0.7)))
    sent = "seed" in subject.asked()
    wrong = "a seed was not sent" if subject.dialect.seed else "a seed was sent all the same"
    require(subject.stand_in is None or sent == subject.dialect.seed, wrong)


async def temperature(subject: Subject) -> None:
    """A temperature of 1 is taken."""
    answered(await subject.ask(subject.call(temperature=1.0)))


async def top_p(subject: Subject) -> None:
    """A share of the probability to draw from is taken."""
    answered(await subject.ask(subject.call(top_p=0.9, temperature=0.7)))


async def repeat_penalty(subject: Subject) -> None:
    """A penalty for repeated tokens is taken where the partner has one."""
    field = subject.dialect.repeat_penalty
    if not field:
        raise Unsupported("the partner has no such penalty")
    answered(await subject.ask(subject.call(repeat_penalty=1.1)))
    require(subject.stand_in is None or field in subject.asked(), f"`{field}` was not sent")


async def end_user(subject: Subject) -> None:
    """A pseudonym of the end user is taken where the partner keeps users apart."""
    field = subject.dialect.end_user
    if not field:
        raise Unsupported("the partner takes no pseudonym of a user")
    answered(await subject.ask(subject.call(end_user="u-7f3a")))
    require(subject.stand_in is None or field in subject.asked(), f"`{field}` was not sent")


CHECKS = checks(
    max_tokens,
    max_tokens_stream,
    one_token,
    stop,
    stop_stream,
    repeatable,
    seed,
    temperature,
    top_p,
    repeat_penalty,
    end_user,
)


def _cut(subject: Subject, reply: Reply) -> None:
    answered(reply)
    usage = reply.usage
    written = usage.output_tokens - usage.reasoning_tokens
    if reply.reasoning.reveal() and not usage.reasoning_tokens:
        raise Unsupported("the partner does not tell tokens of thought from those of the answer")
    kept = written <= _FEW and estimated_tokens(reply.text.reveal()) <= 4 * _FEW
    subject.establish("max_tokens", kept and reply.truncated)
    require(kept, f"{written} tokens were written where {_FEW} were allowed")
    if not reply.truncated and written < _FEW:
        subject.wit(False, "the answer ended before the limit")
    require(reply.truncated, "the answer does not say that it was cut")


async def _ending(subject: Subject) -> tuple[str, str]:
    """Return a string in the middle of the usual answer, and that answer."""
    text = answered(await subject.plain()).text.reveal().strip()
    words = text.split()
    end = words[len(words) // 2] if len(words) > 3 else text[len(text) // 2 :][:2]
    if text.find(end) < 1:
        raise Unsupported("the usual answer is too short to be stopped in the middle")
    return end, text


def _stopped(subject: Subject, reply: Reply, end: str, text: str) -> None:
    told = reply.text.reveal()
    subject.establish("stop", end not in told)
    require(end not in told, "the answer goes on beyond the string to stop at")
    subject.wit(len(told) < len(text), "the answer is no shorter than without the string")
