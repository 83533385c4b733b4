"""One request through one variant as a stream: pieces as they come, and the answer at the end."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Literal

import msgspec

from pratique.features.reading import PlainText
from pratique.partners.contract import Call, Delta, Model, Reply
from pratique.privacy import Sensitive
from pratique.serving.admission import Admitted, let_in
from pratique.serving.answer import Way, falls_over, mended, once, ways_of
from pratique.serving.answers import Answer
from pratique.serving.calls import call_of
from pratique.serving.gate import Gate
from pratique.serving.guard import Guard
from pratique.serving.outcome import judged, let_out, stopped
from pratique.serving.upstream import Heard, heard_of
from pratique.serving.variant import Variant
from pratique.text.growing import Growing

Withdrawn = Literal["output_screened", "partner_blocked", "refused", "invalid", "failed"]
"""Why text that was sent must go: screening, the partner's filter, a refusal, a check, a break."""


class Piece(msgspec.Struct, frozen=True):
    """A piece of the answer that may be shown."""

    text: Sensitive[str]
    """The piece."""
    by: int = 0
    """Which of the ways it comes from, as in an answer."""


class Pieces(msgspec.Struct, frozen=True):
    """Pieces of the answer that may be shown and came at once."""

    texts: Sensitive[Sequence[str]]
    """The pieces, one at least."""
    by: int = 0
    """Which of the ways they come from, as in an answer."""


class Retraction(msgspec.Struct, frozen=True, kw_only=True):
    """All pieces that were sent must go."""

    reason: Withdrawn
    """Why."""
    replacement: str
    """What to show in their place, words of ours; empty where the original is shown."""
    by: int = 0
    """Which of the ways they came from, as in an answer."""


Event = Piece | Retraction | Answer
"""What a stream yields."""

Step = Pieces | Retraction | Answer
"""The same, with pieces that came at once in one step."""


async def stream(
    variant: Variant,
    request: Sensitive[Mapping[str, object]],
    model: Model,
    *,
    content_id: str,
    deadline: float,
    guard: Guard,
    fallbacks: Sequence[Way] = (),
) -> AsyncGenerator[Event, None]:
    """Yield what `steps` does, piece by piece."""
    found = steps(
        variant,
        request,
        model,
        content_id=content_id,
        deadline=deadline,
        guard=guard,
        fallbacks=fallbacks,
    )
    async with aclosing(found):
        async for step in found:
            if isinstance(step, Pieces):
                for text in step.texts.reveal():
                    yield Piece(Sensitive(text), step.by)
            else:
                yield step


async def steps(
    variant: Variant,
    request: Sensitive[Mapping[str, object]],
    model: Model,
    *,
    content_id: str,
    deadline: float,
    guard: Guard,
    fallbacks: Sequence[Way] = (),
) -> AsyncGenerator[Step, None]:
    """Yield what *variant* answers to *request* as it comes; exactly one answer ends every stream.

    Pieces put together are the text of the answer's output. Where they come to anything else, a
    retraction goes before the answer; only a `stop` of our screening leaves what was shown before
    it. Closing the iterator closes the upstream. *fallbacks* are tried while nothing was shown.

    Raises:
        BadInput: the request's picture is none that is taken.
        Malformed: a fallback is for another feature, market or locale.
    """
    until = time.monotonic() + deadline
    ways = ways_of(variant, model, fallbacks)
    admitted = await let_in(variant, request, guard)
    if isinstance(admitted, Answer):
        yield admitted
        return
    for number, way in enumerate(ways):
        shown = over = False
        async with aclosing(_one(way, admitted, content_id, until, guard)) as found:
            async for step in found:
                if not isinstance(step, Answer):
                    shown = True
                    yield msgspec.structs.replace(step, by=number) if number else step
                    continue
                over = number + 1 == len(ways) or shown or not falls_over(step, until)
                if over:
                    yield msgspec.structs.replace(step, by=number) if number else step
        if over:
            return


async def _one(
    way: Way, admitted: Admitted, content_id: str, until: float, guard: Guard
) -> AsyncGenerator[Step, None]:
    """Yield what one *way* answers."""
    variant, model = way
    if not variant.shows_pieces:
        yield await once(way, admitted, content_id, until, guard)
        return
    call = call_of(variant, admitted, content_id, max(until - time.monotonic(), 0.0))
    course = _Course(Gate(variant, guard, admitted.context))
    try:
        async with aclosing(heard_of(model, call, course.gate)) as found:
            async for heard in found:
                pieces = course.take(heard)
                if pieces:
                    yield Pieces(Sensitive(pieces))
                if course.gate.over:
                    break
        last = await course.end()
    finally:
        course.gate.close()
    if course.gate.over:
        if last:
            yield Pieces(Sensitive((last,)))
        ended = _stopped(variant, guard, admitted, course)
        if course.gate.retract and course.shown:
            yield _retraction("output_screened", ended)
        yield ended
        return
    answer = await _found(way, admitted, call, course, content_id, until)
    whole = answer.asked == 1
    answer = await let_out(
        variant, admitted, answer, guard, seen=variant.prompt.reading.field if whole else ""
    )
    if answer.output is None:
        if course.shown:
            yield _retraction(_withdrawn(answer), answer)
        yield answer
        return
    if not whole:
        last = str(answer.output.reveal()[variant.prompt.reading.field])
    else:
        answer = _as_shown(variant, answer, course, last)
    if last:
        yield Pieces(Sensitive((last,)))
    yield answer


class _Course:
    """One stream under way: what came, what was shown, and how it ended."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.reply = Reply(status="unavailable", detail="the stream ended without a reply")
        self.shown = Growing()
        self._text = PlainText()
        self._came = Growing()

    def take(self, heard: Heard) -> list[str]:
        """Take what came and return the pieces that may be shown now; thoughts never are."""
        texts = [event.text.reveal() for event in heard if type(event) is Delta]
        shown = self._said(texts) if texts else ""
        pieces = _parted(shown, texts)
        for event in heard:
            if event is None:
                judged = self.gate.heard()
                shown += judged
                pieces.append(judged)
            elif type(event) is Reply:
                self.reply = event
        if shown:
            self.shown.append(shown)
        return [one for one in pieces if one]

    def _said(self, texts: list[str]) -> str:
        """Return what may be shown now that the model said *texts*: screened in one pass."""
        text = texts[0] if len(texts) == 1 else "".join(texts)
        self._came.append(text)
        return self.gate.feed(self._text.feed(text))

    async def end(self) -> str:
        """Return the rest that may be shown if nothing speaks against the whole; screened as well."""
        if self._came:
            # What was screened is what counts, not what the reply says that it was.
            came = Sensitive(self._came.whole())
            self.reply = msgspec.structs.replace(self.reply, text=came)
        if self.gate.over or self.reply.status != "ok":
            return ""
        rest = self.gate.feed(self._text.finish()) + await self.gate.finish()
        return "" if self.gate.retract else rest


def _parted(shown: str, texts: list[str]) -> list[str]:
    """Return *shown* in as many pieces as the model sent *texts*, cut about where it cut."""
    pieces = []
    for text in texts[:-1]:
        pieces.append(shown[: len(text)])
        shown = shown[len(text) :]
    return [*pieces, shown]


async def _found(
    way: Way, admitted: Admitted, call: Call, course: _Course, content_id: str, until: float
) -> Answer:
    """Return what the whole comes to; it is mended only while nothing of it was shown."""
    if course.shown:
        return judged(way[0], admitted.request, course.reply, content_id=content_id)
    return await mended(way, admitted, call, course.reply, content_id, until)


def _as_shown(variant: Variant, found: Answer, course: _Course, last: str) -> Answer:
    """Return *found* with its text as it was shown, and with what the gate noted."""
    output = found.output.reveal() if found.output else {}
    text = course.shown.whole() + last
    return msgspec.structs.replace(
        found,
        output=Sensitive({**output, variant.prompt.reading.field: text}),
        hits=(*found.hits, *course.gate.rules),
    )


def _stopped(variant: Variant, guard: Guard, admitted: Admitted, course: _Course) -> Answer:
    reply = course.reply
    found = Answer(
        status="blocked",
        usage=reply.usage,
        seconds=reply.seconds,
        draft=reply.text,
    )
    hits = (*admitted.hits, *course.gate.rules)
    return stopped(variant, guard, found, hits, course.gate.categories)


def _retraction(reason: Withdrawn, found: Answer) -> Retraction:
    return Retraction(reason=reason, replacement=found.said.text if found.said else "")


def _withdrawn(found: Answer) -> Withdrawn:
    if found.status == "blocked":
        return "output_screened" if found.reason == "output_screened" else "partner_blocked"
    if found.status == "refused":
        return "refused"
    return "failed" if found.status == "failed" else "invalid"
