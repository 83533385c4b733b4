"""The envelope: what a feature answers, and the events in which it streams."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Literal

import msgspec

from pratique.features.checks import Check
from pratique.labels.policy import Label
from pratique.partners.contract import Usage
from pratique.screening.refusing import StockAnswer
from pratique.serving.answers import Answer, AnswerStatus
from pratique.serving.answers import Reason as BlockedBy
from pratique.serving.streaming import Pieces, Retraction, Step, Withdrawn
from pratique.web.jobs import Job, require_answered
from pratique.web.problems import problem_of

EventName = Literal["meta", "delta", "usage", "final", "retract", "error"]
"""The events of a stream, in the order in which they may come; `error` ends it."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where an answer comes from."""

    version: int = 1
    """Version of this record."""
    request_id: str
    """Name of this answer."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    release: str
    """Release that answered: it leads to the approval and to the evidence."""
    digest: str
    """Digest of the variant that answered."""
    partner: str
    """Who offers the model."""
    model: str
    """The model."""
    filing_no: str
    """Number under which it is approved."""
    simulated: bool
    """Whether that approval is for practice."""


class Envelope(Head, frozen=True, kw_only=True):
    """What a feature answers."""

    status: AnswerStatus
    """`ok`, or why there is no output: the caller keeps the original."""
    output: dict[str, object] | None
    """The output, by the feature's schema."""
    reason: BlockedBy
    """Who blocked it, where it is `blocked`; else empty."""
    said: StockAnswer | None
    """What to say in place of an output, where there is something to say."""
    checks: tuple[Check, ...]
    """What each check found."""
    label: Label | None
    """The marks that the output must carry."""
    usage: Usage
    """Tokens used."""


class Meta(Head, frozen=True, kw_only=True):
    """The first event of a stream."""

    label: str
    """Statement that people must be shown with what follows."""


class Delta(msgspec.Struct, frozen=True):
    """A piece of the text."""

    text: str
    """The piece; all of them together are the text."""


class Retract(msgspec.Struct, frozen=True, kw_only=True):
    """All that was sent must go from the screen."""

    reason: Withdrawn
    """Why."""
    replacement: str
    """What to show in its place; empty where there is nothing to say."""


_encode = msgspec.json.Encoder().encode


def envelope(job: Job, found: Answer) -> Envelope:
    """Return the envelope of *found*."""
    head = head_of(job, found.by)
    return Envelope(
        **head,
        status=found.status,
        output=found.output.reveal() if found.output else None,
        reason=found.reason,
        said=found.said,
        checks=found.checks,
        label=found.label,
        usage=found.usage,
    )


def meta(job: Job, first: Step) -> Meta:
    """Return the first event of *job*, whose first part is *first*."""
    variant = job.variant(first.by)
    return Meta(**head_of(job, first.by), label=variant.label.statements.get(variant.locale, ""))


def head_of(job: Job, by: int) -> dict[str, Any]:
    """Return where an answer of *job* comes from, which the way *by* gave."""
    variant = job.variant(by)
    serving = variant.serving
    return {
        "request_id": job.request_id,
        "feature": variant.feature,
        "locale": variant.locale,
        "release": job.admission.release.id,
        "digest": job.digest(by),
        "partner": serving.partner,
        "model": serving.model,
        "filing_no": job.admission.approval.number,
        "simulated": job.admission.approval.simulated,
    }


def event(name: EventName, data: msgspec.Struct) -> bytes:
    """Return one server-sent event."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encode(data))


async def events(job: Job, rest: AsyncIterator[Step]) -> AsyncGenerator[bytes, None]:
    """Yield the events of the steps of a stream after its first."""
    try:
        async for one in rest:
            yield events_of(job, one)
    except Exception as error:  # noqa: BLE001  (the stream has begun: the problem is its last event)
        yield event("error", problem_of(error).document(job.request_id))


def events_of(job: Job, part: Step) -> bytes:
    """Return the events of one step of a stream."""
    if isinstance(part, Pieces):
        return b"".join([event("delta", Delta(text)) for text in part.texts.reveal()])
    if isinstance(part, Retraction):
        return event("retract", Retract(reason=part.reason, replacement=part.replacement))
    found = require_answered(part)
    return event("usage", found.usage) + event("final", envelope(job, found))


def require_begun(part: Step) -> None:
    """Refuse to begin a stream of which the partner gave nothing.

    Raises:
        Problem: it gave nothing.
    """
    if isinstance(part, Answer):
        require_answered(part)
