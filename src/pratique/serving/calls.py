"""Calls: a request as it is put to a model."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from pratique.features.prompts import Message, rendered, rendered_repair
from pratique.partners.contract import Call, Tool, ToolCall, Turn
from pratique.privacy import Sensitive
from pratique.serving.admission import Admitted
from pratique.serving.variant import Variant


def call_of(variant: Variant, admitted: Admitted, content_id: str, deadline: float) -> Call:
    """Return the call that puts *admitted* to the variant's model."""
    prompt = variant.prompt
    words = admitted.words.reveal()
    mark = mark_of(content_id) if prompt.data else ""
    messages = rendered(prompt, variant.feature, variant.locale, words, mark)
    turns = [_turn(one) for one in messages]
    if admitted.picture is not None:
        turns[-1] = msgspec.structs.replace(turns[-1], pictures=(admitted.picture,))
    decoding = prompt.decoding
    wishes = _wishes(words) if prompt.conversation else _NO_WISHES
    return Call(
        form=prompt.form,
        turns=tuple(turns),
        schema=variant.output_schema if prompt.reading.form == "json" else wishes.schema,
        tools=wishes.tools,
        tool_choice=wishes.tool_choice,
        max_tokens=min(decoding.max_tokens, wishes.max_tokens or decoding.max_tokens),
        temperature=decoding.temperature,
        seed=decoding.seed,
        stop=decoding.stop,
        repeat_penalty=decoding.repeat_penalty,
        feature=variant.feature,
        deadline=deadline,
    )


def mark_of(content_id: str) -> str:
    """Return the delimiter of data in the request numbered *content_id*.

    Whoever writes to a user does not know the number, and the same run of samples asks the same.
    """
    return hashlib.sha256(content_id.encode()).hexdigest()[:8]


def repair_of(
    variant: Variant, call: Call, draft: str, reasons: Sequence[str], left: float
) -> Call:
    """Return the call that asks again within *left* seconds, with the *draft* and what was wrong."""
    told = Sensitive(rendered_repair(variant.prompt, reasons))
    turns = (
        Turn(role="assistant", content=Sensitive(draft)),
        Turn(role="user", content=told),
    )
    return msgspec.structs.replace(call, turns=(*call.turns, *turns), deadline=left)


class _Format(msgspec.Struct, frozen=True):
    type: str = "text"
    schema: Mapping[str, object] | None = None


class _Offered(msgspec.Struct, frozen=True):
    name: str
    description: str = ""
    parameters: Mapping[str, object] = {}


class _Wishes(msgspec.Struct, frozen=True):
    """What the app asks for beside the conversation itself."""

    tools: tuple[Tool, ...] = ()
    tool_choice: Literal["auto", "none", "required"] = "auto"
    schema: Mapping[str, object] | None = None
    max_tokens: int | None = None


_NO_WISHES = _Wishes()


class _Said(msgspec.Struct, frozen=True):
    tools: tuple[_Offered, ...] = ()
    tool_choice: Literal["auto", "none", "required"] = "auto"
    response_format: _Format = _Format()
    max_tokens: int | None = None


_ANY_OBJECT: Mapping[str, object] = {"type": "object"}


def _wishes(words: Mapping[str, object]) -> _Wishes:
    if words.keys().isdisjoint(_Said.__struct_fields__):
        return _NO_WISHES
    said = msgspec.convert(words, _Said)
    schemas = {
        "json_object": _ANY_OBJECT,
        "json_schema": said.response_format.schema or _ANY_OBJECT,
    }
    return _Wishes(
        tools=tuple(
            Tool(name=one.name, about=one.description, parameters=one.parameters)
            for one in said.tools
        ),
        tool_choice=said.tool_choice,
        schema=schemas.get(said.response_format.type),
        max_tokens=said.max_tokens,
    )


def _turn(message: Message) -> Turn:
    return Turn(
        role=message.role,
        content=Sensitive(message.content),
        tool_calls=tuple(
            [
                ToolCall(id=one.id, name=one.name, arguments=Sensitive(one.arguments))
                for one in message.tool_calls
            ]
        ),
        answers=message.tool_call_id,
    )
