"""DashScope's own path: what it asks and how it answers, beside its OpenAI-style one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from pratique.partners.standins.asked import Asked
from pratique.partners.standins.said import Said
from pratique.partners.standins.shapes import Stamp, cut_arguments, pieces

Fields: TypeAlias = dict[str, object]


class _Input(msgspec.Struct, frozen=True):
    messages: list[Fields] | None = None
    prompt: str | None = None
    history: list[Mapping[str, str]] | None = None


class _Body(msgspec.Struct, frozen=True):
    model: str = ""
    input: _Input = _Input()
    parameters: Fields = {}


@dataclass(frozen=True, slots=True)
class Manner:
    """How an answer is wanted."""

    as_message: bool
    """Whether it is a message; a bare text otherwise."""
    in_parts: bool
    """Whether a message's content is a list of parts, as on the path of the multimodal models."""
    increments: bool
    """Whether each event carries what is new; all so far otherwise."""


def read(raw: bytes, *, stream: bool, multimodal: bool) -> tuple[Asked, Manner]:
    """Return what the body *raw* asks.

    Raises:
        msgspec.DecodeError: it is no such body.
    """
    body = msgspec.json.decode(raw, type=_Body)
    wanted = body.parameters
    asked = {**wanted, "model": body.model, "messages": _messages(body.input), "stream": stream}
    manner = Manner(
        as_message=multimodal or wanted.get("result_format") == "message" or "tools" in wanted,
        in_parts=multimodal,
        increments=bool(wanted.get("incremental_output")),
    )
    return msgspec.convert(asked, Asked), manner


def _messages(given: _Input) -> list[Fields]:
    messages: list[Fields] = list(given.messages or [])
    for turn in given.history or ():
        messages.append({"role": "user", "content": turn.get("user", "")})
        messages.append({"role": "assistant", "content": turn.get("bot", "")})
    if given.prompt is not None:
        messages.append({"role": "user", "content": given.prompt})
    return messages


def plain(said: Said, stamp: Stamp, manner: Manner) -> Fields:
    """Return the answer in one piece."""
    calls = [_call(said, number, stamp, use.arguments) for number, use in enumerate(said.tools)]
    return _framed(_Step(said.reasoning, said.text, calls), said, stamp, manner, said.finish)


def events(said: Said, stamp: Stamp, manner: Manner) -> Iterator[bytes]:
    """Yield the answer as events of a stream."""
    so_far = _Step("", "", [])
    number = 0
    for number, step in enumerate(_steps(said, stamp), 1):
        so_far = so_far.with_more(step)
        shown = step if manner.increments else so_far
        yield _event(number, _framed(shown, said, stamp, manner, "null"))
    shown = _Step("", "", []) if manner.increments else so_far
    yield _event(number + 1, _framed(shown, said, stamp, manner, said.finish))


@dataclass(frozen=True, slots=True)
class _Step:
    reasoning: str
    text: str
    calls: list[Fields]

    def with_more(self, step: "_Step") -> "_Step":
        return _Step(
            self.reasoning + step.reasoning, self.text + step.text, _joined(self.calls, step.calls)
        )


def _steps(said: Said, stamp: Stamp) -> Iterator[_Step]:
    for piece in pieces(said.reasoning):
        yield _Step(piece, "", [])
    for piece in pieces(said.text):
        yield _Step("", piece, [])
    for number, use in enumerate(said.tools):
        yield _Step("", "", [_call(said, number, stamp, "")])
        for piece in cut_arguments(use):
            later: Fields = {"arguments": piece}
            call: Fields = {"index": number, "id": "", "type": "function", "function": later}
            yield _Step("", "", [call])


def _call(said: Said, number: int, stamp: Stamp, arguments: str) -> Fields:
    function = {"name": said.tools[number].name, "arguments": arguments}
    name = stamp.named(stamp.manners.call_form, number)
    return {"index": number, "id": name, "type": "function", "function": function}


def _joined(before: list[Fields], more: list[Fields]) -> list[Fields]:
    if not more:
        return before
    last, function = before[-1] if before else {}, more[0]["function"]
    if not before or last["index"] != more[0]["index"]:
        return [*before, *more]
    kept = last["function"]
    assert isinstance(kept, dict) and isinstance(function, dict)  # noqa: S101  (made above)
    arguments = kept["arguments"] + function["arguments"]
    return [*before[:-1], {**last, "function": {**kept, "arguments": arguments}}]


def _framed(step: _Step, said: Said, stamp: Stamp, manner: Manner, finish: str) -> Fields:
    output: Fields = {"text": step.text, "finish_reason": finish}
    if manner.as_message:
        content: object = [{"text": step.text}] if step.text else []
        message: Fields = {
            "role": "assistant",
            "content": content if manner.in_parts else step.text,
            "reasoning_content": step.reasoning,
        }
        if step.calls:
            message["tool_calls"] = step.calls
        output = {"choices": [{"index": 0, "finish_reason": finish, "message": message}]}
    request_id = stamp.named("{uuid}")
    return {"output": output, "usage": _usage(said), "request_id": request_id}


def _usage(said: Said) -> Fields:
    counted: Fields = {
        "input_tokens": said.heard_tokens,
        "output_tokens": said.written_tokens,
        "total_tokens": said.heard_tokens + said.written_tokens,
        "prompt_tokens_details": {"cached_tokens": 0},
    }
    if said.picture_tokens:
        counted["image_tokens"] = said.picture_tokens
    if said.thought_tokens:
        counted["output_tokens_details"] = {"reasoning_tokens": said.thought_tokens}
    return counted


def _event(number: int, fields: Mapping[str, object]) -> bytes:
    return b"id:%d\nevent:result\n:HTTP_STATUS/200\ndata:%b\n\n" % (
        number,
        msgspec.json.encode(fields),
    )
