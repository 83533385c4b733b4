"""Checks of a text to go on with, which servers of one's own take beside conversations."""

from pratique.partners.conformance.checks import Unsupported, checks, offered, require
from pratique.partners.conformance.subject import Subject
from pratique.partners.contract import Call

_BEGINNING = "Good morning, dear neighbour, said"


async def completion(subject: Subject) -> None:
    """A text is gone on with."""
    reply = offered(await subject.ask(_call(subject)), None)
    require(bool(reply.text.reveal()), "nothing came after the beginning")


async def completion_stream(subject: Subject) -> None:
    """A text is gone on with, in pieces."""
    made = await subject.stream(_call(subject))
    reply = offered(made.reply, None)
    require(made.text == reply.text.reveal(), "the pieces are not the answer")


CHECKS = checks(completion, completion_stream)


def _call(subject: Subject) -> Call:
    if subject.candidate.partner.key_needed:
        raise Unsupported("the partner takes conversations alone")
    return subject.call(_BEGINNING, form="completion", max_tokens=16)
