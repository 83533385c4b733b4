"""Shapes: an answer as the OpenAI-style wire carries it, in one piece or as events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from pratique.partners.standins.asked import Asked
from pratique.partners.standins.manners import Manners
from pratique.partners.standins.said import Said, ToolUse, tokens
from pratique.partners.standins.usages import Counts, counts_of, usage

Fields: TypeAlias = dict[str, object]

PIECE = 3
"""Tokens in one event of a stream."""

ARGUMENTS = 12
"""Characters of a tool's arguments in one event of a stream."""

DONE = b"data: [DONE]\n\n"
"""What ends a stream."""

SIGN_OF_LIFE = b": keep-alive\n\n"
"""What comes before a stream while it waits."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one answer from the next."""

    dialect: str
    """Which dialect it is in."""
    manners: Manners
    """How that dialect answers."""
    number: int
    """Which answer of the stand-in it is."""
    created: int
    """When it was made, in seconds."""
    model: str
    """Who answers."""

    def named(self, form: str, part: int = 0) -> str:
        """Return a name in *form*, of one *part* of the answer or of the whole."""
        digits = f"{part:08x}{self.number:024x}"
        cut = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
        return form.format(hex=digits, uuid="-".join(cut), short=digits[-10:])

    @property
    def id(self) -> str:
        """The answer's id."""
        return self.named(self.manners.id_form)


def plain(said: Said, stamp: Stamp) -> Fields:
    """Return the answer in one piece."""
    message: Fields = {"role": "assistant", "content": None if said.tools else said.text}
    if said.reasoning:
        message[stamp.manners.reasoning] = said.reasoning
    if said.tools:
        message["tool_calls"] = [
            {"index": number, **_call(use, number, stamp, use.arguments)}
            for number, use in enumerate(said.tools)
        ]
    choice = {"index": 0, "message": message, "finish_reason": said.finish, **stamp.manners.choice}
    return {
        **_frame(stamp, "chat.completion"),
        "choices": [choice],
        "usage": usage(stamp.dialect, counts_of(said)),
    }


def plain_completion(said: Said, stamp: Stamp) -> Fields:
    """Return the answer to a text to go on with, in one piece."""
    choice = {"index": 0, "text": said.text, "logprobs": None, "finish_reason": said.finish}
    return {
        **_frame(stamp, "text_completion"),
        "choices": [choice],
        "usage": usage(stamp.dialect, counts_of(said)),
    }


def events(said: Said, stamp: Stamp, asked: Asked) -> Iterator[bytes]:
    """Yield the answer as events of a stream."""
    options = asked.stream_options
    running = bool(options and options.chunk_include_usage and stamp.manners.running_usage)
    told = bool(options and options.include_usage)
    if stamp.manners.waits_aloud:
        yield SIGN_OF_LIFE
    frame = _frame(stamp, "chat.completion.chunk")
    for delta, finish, counts in _deltas(said, stamp):
        event = {**frame, "choices": [_choice(delta, finish, stamp)]}
        if running:
            event["usage"] = usage(stamp.dialect, counts)
        elif told and stamp.manners.usage_null:
            event["usage"] = None
        yield _event(event)
    if told:
        yield _event(_usage_event(said, stamp, "chat.completion.chunk"))
    yield DONE


def completion_events(said: Said, stamp: Stamp, asked: Asked) -> Iterator[bytes]:
    """Yield the answer to a text to go on with, as events of a stream."""
    frame = _frame(stamp, "text_completion")
    for piece in (*pieces(said.text), ""):
        finish = None if piece else said.finish
        choice = {"index": 0, "text": piece, "logprobs": None, "finish_reason": finish}
        yield _event({**frame, "choices": [choice]})
    if asked.stream_options and asked.stream_options.include_usage:
        yield _event(_usage_event(said, stamp, "text_completion"))
    yield DONE


def pieces(text: str) -> tuple[str, ...]:
    """Return *text* in the pieces in which a stream carries it."""
    cut = tokens(text)
    return tuple("".join(cut[at : at + PIECE]) for at in range(0, len(cut), PIECE))


def cut_arguments(use: ToolUse) -> tuple[str, ...]:
    """Return a tool's arguments in the pieces in which a stream carries them."""
    text = use.arguments
    return tuple(text[at : at + ARGUMENTS] for at in range(0, len(text), ARGUMENTS))


def _deltas(said: Said, stamp: Stamp) -> Iterator[tuple[Fields, str | None, Counts]]:
    """Yield each delta with the finishing word, if it is the last, and the tokens so far."""
    manners, whole = stamp.manners, counts_of(said)
    so_far = Counts(whole.heard, whole.pictures, 0, 0)
    yield {"role": "assistant", "content": ""}, None, so_far
    for number, piece in enumerate(pieces(said.reasoning), 1):
        thought = min(number * PIECE, whole.thought)
        so_far = Counts(whole.heard, whole.pictures, thought, 0)
        yield _either("content", manners.reasoning, piece, manners), None, so_far
    for number, piece in enumerate(pieces(said.text), 1):
        spoken = min(number * PIECE, whole.said)
        so_far = Counts(whole.heard, whole.pictures, whole.thought, spoken)
        yield _either(manners.reasoning, "content", piece, manners), None, so_far
    for number, use in enumerate(said.tools):
        yield {"tool_calls": [{"index": number, **_call(use, number, stamp, "")}]}, None, so_far
        for piece in cut_arguments(use):
            yield {"tool_calls": [_later(number, piece, manners)]}, None, so_far
    yield {"content": ""} if manners.nulls else {}, said.finish, whole


def _either(absent: str, present: str, piece: str, manners: Manners) -> Fields:
    return {absent: None, present: piece} if manners.nulls else {present: piece}


def _call(use: ToolUse, number: int, stamp: Stamp, arguments: str) -> Fields:
    return {
        "id": stamp.named(stamp.manners.call_form, number),
        "type": "function",
        "function": {"name": use.name, "arguments": arguments},
    }


def _later(number: int, piece: str, manners: Manners) -> Fields:
    again: Fields = {"id": "", "type": "function"} if manners.id_again else {}
    return {"index": number, **again, "function": {"arguments": piece}}


def _choice(delta: Fields, finish: str | None, stamp: Stamp) -> Fields:
    return {"index": 0, "delta": delta, "finish_reason": finish, **stamp.manners.choice}


def _usage_event(said: Said, stamp: Stamp, kind: str) -> Fields:
    counted = usage(stamp.dialect, counts_of(said))
    return {**_frame(stamp, kind), "choices": [], "usage": counted}


def _frame(stamp: Stamp, kind: str) -> Fields:
    return {
        "id": stamp.id,
        "object": kind,
        "created": stamp.created,
        "model": stamp.model,
        **stamp.manners.body,
    }


def _event(fields: Mapping[str, object]) -> bytes:
    return b"data: %b\n\n" % msgspec.json.encode(fields)
