"""`/v1/chat/completions` and `/v1/models`: features for clients that speak the OpenAI wire."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import datetime

import msgspec

from pratique.features.packs import Schema, properties
from pratique.features.prompts import Asked
from pratique.serving.answer import Answer
from pratique.serving.streaming import Pieces, Retraction, Step
from pratique.web.chat_input import wanted_of
from pratique.web.chat_shapes import (
    AnswerMessage,
    Call,
    CallPiece,
    ChatError,
    ChatProblem,
    ChatRequest,
    ChatUsage,
    Choice,
    Chunk,
    ChunkChoice,
    ChunkDelta,
    Completion,
    Finish,
    Function,
    ListedModel,
    Marks,
    ModelList,
)
from pratique.web.envelopes import head_of, require_begun
from pratique.web.exchange import Exchange, Reply, misshapen
from pratique.web.jobs import Job, job_of, require_answered
from pratique.web.keyring import Caller
from pratique.web.problems import STATUS, Problem, problem_of
from pratique.web.service import Service
from pratique.web.sharing import answered_once, streamed_once

_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
}

_CALLS = "tool_calls"
"""Field of a conversation's output that asks for tools."""

_DONE = b"data: [DONE]\n\n"

_HOLE = "\0"
"""Stands where a piece goes; nothing else in a chunk holds it."""

_decode = msgspec.json.Decoder(ChatRequest).decode
_encode = msgspec.json.Encoder().encode


async def complete(service: Service, exchange: Exchange) -> None:
    """Answer a chat request by the feature that its `model` names.

    Raises:
        Problem: it is refused.
        Gone: the client went away.
    """
    # A stranger is told of the key first, and of nothing that a body must be.
    caller = service.keyring.caller(exchange.headers)
    body = await exchange.body()
    try:
        request = _decode(body)
    except msgspec.DecodeError as error:
        raise misshapen(error) from None
    if request.stream:
        await streamed_once(
            service, exchange, body, lambda: _stream(service, exchange, caller, request)
        )
    else:
        await answered_once(
            service, exchange, body, lambda: _whole(service, exchange, caller, request)
        )


def chat_problem(problem: Problem, request_id: str) -> Reply:
    """Return *problem* in the shape that clients of this wire read."""
    status = STATUS[problem.code]
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    error = ChatError(
        message=problem.detail,
        type=kind,
        code=problem.code,
        hint=problem.hint,
        request_id=request_id,
    )
    return Reply(status, _encode(ChatProblem(error=error)), headers=problem.headers())


async def models(service: Service, exchange: Exchange) -> None:
    """List the features that have a release."""
    await exchange.reply(Reply(200, _encode(ModelList(data=_listed(service, exchange)))))


async def model(service: Service, exchange: Exchange, name: str) -> None:
    """Say of one feature that it has a release.

    Raises:
        Problem: it has none.
    """
    for one in _listed(service, exchange):
        if one.id == name:
            await exchange.reply(Reply(200, _encode(one)))
            return
    raise Problem("unknown_feature", "no such feature is on", "`/v1/models` lists them")


def _listed(service: Service, exchange: Exchange) -> tuple[ListedModel, ...]:
    service.keyring.caller(exchange.headers)
    started = {one.feature: one.started for one in reversed(service.releases)}
    return tuple(
        ListedModel(
            id=feature,
            created=int(datetime.fromisoformat(when).timestamp()),
            owned_by=service.opened.workspace.configuration.producer.name,
        )
        for feature, when in sorted(started.items())
    )


async def _whole(
    service: Service, exchange: Exchange, caller: Caller, request: ChatRequest
) -> Reply:
    job = job_of(service, exchange, caller, wanted_of(service, request, exchange.headers))
    found = await job.whole()
    done = Completion(
        id=job.request_id,
        created=job.created,
        model=request.model,
        choices=(
            Choice(
                message=AnswerMessage(
                    content=_content(job, request, found),
                    refusal=_refusal(found),
                    tool_calls=_asked(found) or msgspec.UNSET,
                ),
                finish_reason=_finish(found),
            ),
        ),
        usage=_usage(found),
        pratique=_marks(job, found),
    )
    return Reply(200, _encode(done), request_id=job.request_id)


async def _stream(
    service: Service, exchange: Exchange, caller: Caller, request: ChatRequest
) -> None:
    job = job_of(service, exchange, caller, wanted_of(service, request, exchange.headers))
    async with aclosing(job.steps()) as parts:
        first = await anext(parts)
        require_begun(first)
        chunks = _Chunks(job, request)
        await exchange.events(chunks.head(first) + chunks.of(first), chunks.events(parts))


class _Chunks:
    """Writes the chunks of one stream."""

    def __init__(self, job: Job, request: ChatRequest) -> None:
        self._job = job
        self._request = request
        self._sent = False
        self._counts = bool(request.stream_options and request.stream_options.include_usage)
        before, _, after = self._chunk(ChunkDelta(content=_HOLE)).partition(_encode(_HOLE))
        self._around = before, after
        """What stands before and after a piece: the same in every chunk."""

    def head(self, first: Step) -> bytes:
        """Return the first chunk: who speaks, where it comes from and how it must be labelled."""
        variant = self._job.variant(first.by)
        marks = Marks(
            **head_of(self._job, first.by),
            visible_label=variant.label.statements.get(variant.locale, ""),
        )
        return self._chunk(ChunkDelta(role="assistant", content=""), marks=marks)

    async def events(self, rest: AsyncIterator[Step]) -> AsyncGenerator[bytes, None]:
        """Yield the chunks of all steps after the first."""
        try:
            async for one in rest:
                yield self.of(one)
        except Exception as error:  # noqa: BLE001  (the stream has begun: the problem ends it)
            yield _event(_encode_problem(problem_of(error), self._job.request_id)) + _DONE

    def of(self, part: Step) -> bytes:
        """Return the chunks of one step; the line after an answer's says that the stream is whole."""
        if isinstance(part, Pieces):
            self._sent = True
            before, after = self._around
            return b"".join([before + _encode(text) + after for text in part.texts.reveal()])
        if isinstance(part, Retraction):
            marks = Marks(
                **head_of(self._job, part.by), retract=part.reason, replacement=part.replacement
            )
            return self._chunk(ChunkDelta(), marks=marks)
        return b"".join((*self._end(require_answered(part)), _DONE))

    def _end(self, found: Answer) -> list[bytes]:
        chunks = []
        content = None if self._sent else _content(self._job, self._request, found)
        refusal = _refusal(found)
        if content or refusal:
            chunks.append(self._chunk(ChunkDelta(content=content, refusal=refusal)))
        calls = tuple(
            CallPiece(index=n, id=one.id, function=one.function)
            for n, one in enumerate(_asked(found))
        )
        if calls:
            chunks.append(self._chunk(ChunkDelta(tool_calls=calls)))
        marks = _marks(self._job, found)
        chunks.append(self._chunk(ChunkDelta(), finish=_finish(found), marks=marks))
        if self._counts:
            chunks.append(self._raw((), usage=_usage(found)))
        return chunks

    def _chunk(
        self,
        delta: ChunkDelta,
        *,
        finish: Finish | None = None,
        marks: Marks | msgspec.UnsetType = msgspec.UNSET,
    ) -> bytes:
        usage = None if self._counts else msgspec.UNSET
        return self._raw(
            (ChunkChoice(delta=delta, finish_reason=finish),), usage=usage, marks=marks
        )

    def _raw(
        self,
        choices: tuple[ChunkChoice, ...],
        *,
        usage: ChatUsage | msgspec.UnsetType | None,
        marks: Marks | msgspec.UnsetType = msgspec.UNSET,
    ) -> bytes:
        chunk = Chunk(
            id=self._job.request_id,
            created=self._job.created,
            model=self._request.model,
            choices=choices,
            usage=usage,
            pratique=marks,
        )
        return _event(_encode(chunk))


def _event(data: bytes) -> bytes:
    return b"data: %b\n\n" % data


def _encode_problem(problem: Problem, request_id: str) -> bytes:
    return chat_problem(problem, request_id).body


def _content(job: Job, request: ChatRequest, found: Answer) -> str | None:
    """Return the text of an answer: its one field of text, or all of it as JSON."""
    if found.output is None:
        return None
    output = found.output.reveal()
    schema = job.variant(found.by).output_schema
    wished = request.response_format
    if _CALLS in properties(schema):
        # A conversation's text has the form that was asked for already.
        return str(output["text"])
    name = _only_text(schema)
    if name and (wished is None or wished.type == "text"):
        return str(output[name])
    return _encode(output).decode()


def _only_text(schema: Schema) -> str:
    """Return the only field of an output, if that is text; else empty."""
    fields = properties(schema)
    ((name, field), *others) = fields.items()
    return name if not others and field.get("type") == "string" else ""


def _asked(found: Answer) -> tuple[Call, ...]:
    """Return the tools that a conversation's answer asks for."""
    output = found.output.reveal() if found.output else {}
    asked = output.get(_CALLS)
    if not asked:
        return ()
    calls = msgspec.convert(asked, tuple[Asked, ...])
    return tuple(
        Call(id=one.id, function=Function(name=one.name, arguments=one.arguments)) for one in calls
    )


def _refusal(found: Answer) -> str | None:
    if found.output is not None:
        return None
    return found.said.text if found.said else ""


def _finish(found: Answer) -> Finish:
    if found.status in ("ok", "refused"):
        return "tool_calls" if _asked(found) else "stop"
    return "length" if found.status == "truncated" else "content_filter"


def _usage(found: Answer) -> ChatUsage:
    read, written = found.usage.input_tokens, found.usage.output_tokens
    return ChatUsage(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


def _marks(job: Job, found: Answer) -> Marks:
    return Marks(
        **head_of(job, found.by),
        status=found.status,
        reason=found.reason,
        said=found.said,
        label=found.label,
    )
