"""One request through one variant: render, call, read, check, label."""

import asyncio
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

import jsonschema_rs
import msgspec

from pratique.errors import Malformed
from pratique.features.checks import Check, checked
from pratique.features.derive import derived
from pratique.features.prompts import Reading, rendered, rendered_repair
from pratique.features.reading import Output, Unreadable, read_answer
from pratique.labels.policy import Label, label
from pratique.partners.contract import Call, Model, Picture, Reply, Turn, Usage
from pratique.privacy import Sensitive
from pratique.screening.refusing import StockAnswer
from pratique.serving.guard import Guard
from pratique.serving.pictures import in_words, picture_of
from pratique.serving.variant import Variant

AnswerStatus = Literal["ok", "refused", "blocked", "invalid", "truncated", "failed"]
"""`failed` means that the partner gave nothing; `web` turns it into a problem."""

Reason = Literal["", "input_screened", "output_screened", "partner_blocked", "suspended"]
"""Who blocked: our screening of the input, of the answer, the partner's own filter, or a pause."""

_OF_REPLY: dict[str, AnswerStatus] = {
    "refused": "refused",
    "input_blocked": "blocked",
    "output_blocked": "blocked",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one request."""

    status: AnswerStatus
    """What it came to."""
    output: Sensitive[Output] | None = None
    """The output, when `ok`."""
    reason: Reason = ""
    """Who blocked, when `blocked`."""
    said: StockAnswer | None = None
    """What is said in place of the output, when `blocked`; None where its locale has no words."""
    hits: tuple[str, ...] = ()
    """Ids of the rules that screening found, never words; those that only note with them."""
    unlawful: bool = False
    """Whether the user's own input is clearly unlawful: it counts towards a suspension."""
    by: int = 0
    """Which of the ways answered: 0 the variant itself, n the n-th of its fallbacks."""
    checks: tuple[Check, ...] = ()
    """What each check found; the first is `schema`."""
    label: Label | None = None
    """The marks that generated content must carry, when `ok`."""
    reply: str = "ok"
    """What the partner's reply was."""
    usage: Usage = Usage()
    """Tokens used."""
    seconds: float = 0.0
    """Time that the partner took."""
    asked: int = 1
    """How often the model was asked: twice where a check failed and it was asked to mend that."""
    draft: Sensitive[str] | None = None
    """The text that the model wrote, for evals; never sent to a user."""


class BadInput(ValueError):
    """The input does not fit the feature's schema. The text names the place, not the content."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(msgspec.json.decode(schema))


def _place(error: jsonschema_rs.ValidationError) -> str:
    path = "".join(f"/{step}" for step in error.instance_path)
    rule = str(error.schema_path[-1]) if error.schema_path else "schema"
    return f"`{path or '/'}` does not fit the schema's `{rule}`"


def require_valid_input(variant: Variant, request: Mapping[str, object]) -> None:
    """Refuse an input that does not fit the variant's schema.

    Raises:
        BadInput: names the place and the rule.
    """
    error = next(_validator(msgspec.json.encode(variant.input_schema)).iter_errors(request), None)
    if error is not None:
        raise BadInput(_place(error))


async def answer(
    variant: Variant,
    request: Sensitive[Mapping[str, object]],
    model: Model,
    *,
    content_id: str,
    deadline: float,
    guard: Guard,  # noqa: ARG001
) -> Answer:
    """Return what *variant*, served by *model*, answers to *request*, a valid input.

    *content_id* numbers the content in its label. After *deadline* seconds the call is given up
    and counts as a time-out. Where a check fails the model is asked once more, with the reason,
    if its prompt says how; an answer that fails again is `invalid`.

    Raises:
        BadInput: the request's picture is none that is taken.
    """
    started = time.monotonic()
    try:
        picture = await asyncio.to_thread(picture_of, request.reveal())
    except Malformed as error:
        raise BadInput(f"`/image`: {error.message}", error.hint) from None
    call = _call(variant, request.reveal(), picture, deadline)
    first = judged(variant, request, await _replied(model, call), content_id=content_id)
    left = deadline - (time.monotonic() - started)
    if first.status != "invalid" or not variant.prompt.repair or left <= 0:
        return first
    again = await _replied(model, _repair(variant, call, first, left))
    second = judged(variant, request, again, content_id=content_id)
    return msgspec.structs.replace(
        # Where the second call gave nothing at all, the first answer is what there is to tell of.
        second if second.status in ("ok", "invalid", "blocked", "refused") else first,
        usage=_sum(first.usage, second.usage),
        seconds=first.seconds + second.seconds,
        asked=2,
    )


async def _replied(model: Model, call: Call) -> Reply:
    deadline = call.deadline
    try:
        # A model keeps the deadline itself; the margin lets its own word for it come first.
        async with asyncio.timeout(deadline + min(0.25, deadline / 4)):
            return await model.complete(call)
    except TimeoutError:
        return Reply(status="timeout", detail=f"no answer within {deadline:g} s", seconds=deadline)


def _repair(variant: Variant, call: Call, first: Answer, left: float) -> Call:
    """Return the call that asks again, with the first answer and what was wrong with it."""
    reasons = [f"{check.id}: {check.why}" for check in first.checks if not check.passed]
    draft = first.draft or Sensitive("")
    told = Sensitive(rendered_repair(variant.prompt, reasons))
    turns = (Turn(role="assistant", content=draft), Turn(role="user", content=told))
    return msgspec.structs.replace(call, turns=(*call.turns, *turns), deadline=left)


def _sum(first: Usage, second: Usage) -> Usage:
    return Usage(
        input_tokens=first.input_tokens + second.input_tokens,
        output_tokens=first.output_tokens + second.output_tokens,
        cached_tokens=first.cached_tokens + second.cached_tokens,
        reasoning_tokens=first.reasoning_tokens + second.reasoning_tokens,
        estimated=first.estimated or second.estimated,
    )


def judged(
    variant: Variant, request: Sensitive[Mapping[str, object]], reply: Reply, *, content_id: str
) -> Answer:
    """Return what *reply* comes to: read, derived, checked and labelled."""
    about = _About(reply=reply.status, usage=reply.usage, seconds=reply.seconds, draft=reply.text)
    if reply.status != "ok":
        return about.answer(_OF_REPLY.get(reply.status, "failed"))
    whole = _whole(variant.prompt.reading, reply)
    if whole is None:
        cut = Check(id="complete", passed=False, why="cut at the token limit")
        return about.answer("truncated", (cut,))
    try:
        read = read_answer(variant.prompt.reading, whole)
        output = derived(variant.derive, request.reveal(), read)
    except Unreadable as error:
        return about.answer("invalid", (Check(id="schema", passed=False, why=str(error)),))
    fault = next(_validator(msgspec.json.encode(variant.output_schema)).iter_errors(output), None)
    if fault is not None:
        return about.answer("invalid", (Check(id="schema", passed=False, why=_place(fault)),))
    found = (
        Check(id="schema", passed=True),
        *checked(variant.checks, variant.locale, request.reveal(), output),
    )
    if not all(check.passed for check in found):
        return about.answer("invalid", found)
    marks = label(variant.label, content_id=content_id, locale=variant.locale)
    return about.answer("ok", found, Sensitive(output), marks)


def _whole(reading: Reading, reply: Reply) -> str | None:
    """Return what of the answer is whole; None where a cut answer is of no use.

    A choice is made with its first word, and of a list the lines before the cut are whole.
    """
    text = reply.text.reveal()
    if not reply.truncated or reading.form == "choice":
        return text
    lines = text.rpartition("\n")[0]
    enough = reading.form == "lines" and 0 < reading.count <= len(lines.split("\n"))
    return lines if enough else None


class _About(msgspec.Struct, frozen=True, kw_only=True):
    """What every answer to one reply says of it."""

    reply: str
    usage: Usage
    seconds: float
    draft: Sensitive[str]

    def answer(
        self,
        status: AnswerStatus,
        checks: tuple[Check, ...] = (),
        output: Sensitive[Output] | None = None,
        marks: Label | None = None,
    ) -> Answer:
        return Answer(
            status=status,
            output=output,
            checks=checks,
            label=marks,
            reply=self.reply,
            usage=self.usage,
            seconds=self.seconds,
            draft=self.draft,
        )


def _call(
    variant: Variant, request: Mapping[str, object], picture: Picture | None, deadline: float
) -> Call:
    prompt = variant.prompt
    messages = rendered(prompt, variant.feature, variant.locale, in_words(request))
    turns = [Turn(role=one.role, content=Sensitive(one.content)) for one in messages]
    if picture is not None:
        turns[-1] = msgspec.structs.replace(turns[-1], pictures=(picture,))
    decoding = prompt.decoding
    return Call(
        form=prompt.form,
        turns=tuple(turns),
        schema=variant.output_schema if prompt.reading.form == "json" else None,
        max_tokens=decoding.max_tokens,
        temperature=decoding.temperature,
        seed=decoding.seed,
        stop=decoding.stop,
        repeat_penalty=decoding.repeat_penalty,
        feature=variant.feature,
        deadline=deadline,
    )
