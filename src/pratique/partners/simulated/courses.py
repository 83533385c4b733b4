"""Courses: what a simulated call comes to from its first piece to its reply."""

from dataclasses import dataclass

import msgspec

from pratique.partners.contract import Call, Reply, Usage
from pratique.privacy import Sensitive

_PIECES = 8
"""Pieces of a streamed answer."""


@dataclass(frozen=True, slots=True)
class Course:
    """What a call comes to when nobody ends it. Seconds count from its start."""

    reply: Reply
    """The reply that ends a stream."""
    pieces: tuple[tuple[float, str], ...] = ()
    """What is streamed before, each with the second at which it comes."""


_WITHOUT_TEXT: dict[str, Reply] = {
    "unavailable": Reply(
        status="unavailable", http_status=500, code="internal_error", detail="the server failed"
    ),
    "refused": Reply(
        status="refused", http_status=200, finish="refusal", detail="the model declined"
    ),
    "blocked": Reply(
        status="input_blocked",
        http_status=400,
        code="input_filtered",
        detail="the request was filtered",
    ),
    "unreadable": Reply(
        status="bad_request",
        http_status=400,
        code="unreadable_request",
        detail="the last turn is no request that the model knows",
    ),
}


def without_text(what: str, call: Call, about: Reply) -> Course:
    """Return a course that brings no text: `unavailable`, `refused`, `blocked`, `unreadable`.

    *about* holds what is the same in every reply to *call*: request id, model, seconds.
    """
    answered = what == "refused"
    return Course(
        msgspec.structs.replace(
            _WITHOUT_TEXT[what],
            request_id=about.request_id,
            model=about.model if answered else "",
            usage=Usage(input_tokens=_read(call), estimated=True) if answered else Usage(),
            seconds=about.seconds,
        )
    )


def silent(about: Reply) -> Course:
    """Return a course that ends at no time, so that a deadline must cut it."""
    return Course(msgspec.structs.replace(about, seconds=float("inf")))


def written(text: str, call: Call, about: Reply, first: float) -> Course:
    """Return the course of an answer whose first piece comes at second *first*."""
    truncated = _tokens(text) > call.max_tokens
    text = text[: call.max_tokens * 4]
    pieces = _pieces(text, first, about.seconds)
    reply = msgspec.structs.replace(
        about,
        text=Sensitive(text),
        truncated=truncated,
        finish="length" if truncated else "stop",
        http_status=200,
        usage=Usage(input_tokens=_read(call), output_tokens=_tokens(text), estimated=True),
        begun=bool(pieces),
        first_token_seconds=first if pieces else None,
    )
    return Course(reply, pieces)


def retracted(course: Course, draw: float) -> Course:
    """Stop *course* after some of its pieces, picked by *draw*, and take those back."""
    pieces = course.pieces
    shown = 1 + int(draw * (len(pieces) - 1))
    seconds = pieces[shown][0] if shown < len(pieces) else course.reply.seconds
    output = _tokens("".join(piece for _, piece in pieces[:shown]))
    reply = msgspec.structs.replace(
        course.reply,
        status="output_blocked",
        text=Sensitive(""),
        truncated=False,
        finish="content_filter",
        code="output_filtered",
        detail="the answer was filtered",
        retract=True,
        seconds=seconds,
        usage=msgspec.structs.replace(course.reply.usage, output_tokens=output),
    )
    return Course(reply, pieces[:shown])


def cut(course: Course, deadline: float) -> Course:
    """End *course* at the *deadline* if it has not ended before."""
    if course.reply.seconds < deadline:
        return course
    pieces = tuple((at, piece) for at, piece in course.pieces if at < deadline)
    reply = Reply(
        status="timeout",
        detail=f"no answer within {deadline:g} s",
        request_id=course.reply.request_id,
        begun=bool(pieces),
        first_token_seconds=pieces[0][0] if pieces else None,
        seconds=deadline,
    )
    return Course(reply, pieces)


def _pieces(text: str, first: float, last: float) -> tuple[tuple[float, str], ...]:
    """Cut *text* into pieces that come at even steps from *first* on and before *last*."""
    count = min(_PIECES, len(text))
    edges = [len(text) * n // count for n in range(count + 1)] if count else []
    return tuple(
        (first + (last - first) * n / count, text[edges[n] : edges[n + 1]]) for n in range(count)
    )


def _read(call: Call) -> int:
    return sum(_tokens(turn.content.reveal()) for turn in call.turns)


def _tokens(text: str) -> int:
    """Return about how many tokens *text* has: one in four characters, rounded up."""
    return -(-len(text) // 4)
