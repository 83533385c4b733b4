"""`POST /v1/feedback`: what a user said of an answer, as one of a few words and nothing more."""

import msgspec

from pratique.rollout.feedback import MOST_DAYS, FeedbackReason, count_feedback
from pratique.web.exchange import Exchange, Reply, misshapen
from pratique.web.problems import Problem
from pratique.web.service import Service


class Feedback(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a user said of an answer."""

    request_id: str
    """Name of the answer, as its envelope has it."""
    reason: FeedbackReason
    """What was said."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it."""

    release: str
    """Release that answered."""
    counted: bool
    """Whether it was counted; only the first word about an answer is."""


_decode = msgspec.json.Decoder(Feedback).decode


async def give(service: Service, exchange: Exchange) -> None:
    """Count what a user said, under the release that answered.

    Raises:
        Problem: the name is of no answer of ours, or of one that is too old.
    """
    service.keyring.caller(exchange.headers)
    try:
        said = _decode(await exchange.body())
    except msgspec.DecodeError as error:
        raise misshapen(error) from None
    now = service.opened.clock()
    named = service.names.read(said.request_id)
    if named is None or not 0 <= (now.date() - named.day).days <= MOST_DAYS:
        raise Problem(
            "not_found",
            f"`request_id` names no answer of the last {MOST_DAYS} days",
            "send the `request_id` of the answer's envelope",
        )
    with service.opened.database.begin() as connection:
        counted = count_feedback(
            connection, said.request_id, named.release, named.day, said.reason, now
        )
    if counted and said.reason != "helpful":
        service.gate.tally.complain(named.release)
    done = Counted(release=named.release, counted=counted)
    await exchange.reply(Reply(200, msgspec.json.encode(done)))
