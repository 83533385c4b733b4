"""Requests: a call written as the body that one dialect takes."""

import base64
from collections.abc import Mapping

import msgspec

from pratique.partners.catalogue import ModelEntry
from pratique.partners.contract import Call, Turn
from pratique.partners.dialect import Dialect
from pratique.partners.remote.schemas import lowered

_encode = msgspec.json.Encoder().encode


def body(call: Call, entry: ModelEntry, dialect: Dialect, *, stream: bool) -> bytes:
    """Return *call* as JSON for *entry*'s server."""
    asked: dict[str, object] = {
        "model": entry.upstream or entry.id,
        dialect.max_tokens: call.max_tokens,
        "temperature": call.temperature,
    }
    if call.form == "completion":
        asked["prompt"] = call.turns[0].content.reveal()
    else:
        asked["messages"] = _messages(call, entry, dialect)
    _sampling(asked, call, dialect)
    _thinking(asked, call, entry, dialect)
    if call.tools:
        asked["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.about,
                    "parameters": tool.parameters,
                },
            }
            for tool in call.tools
        ]
        asked["tool_choice"] = call.tool_choice
    if call.schema is not None:
        _structure(asked, call.schema, entry)
    if stream:
        asked["stream"] = True
        asked["stream_options"] = {"include_usage": True}
    return _encode(asked)


def _sampling(asked: dict[str, object], call: Call, dialect: Dialect) -> None:
    if call.top_p is not None:
        asked["top_p"] = call.top_p
    if dialect.seed:
        asked["seed"] = call.seed
    if call.stop:
        asked["stop"] = call.stop
    if call.repeat_penalty != 1.0 and dialect.repeat_penalty:
        asked[dialect.repeat_penalty] = call.repeat_penalty
    if call.end_user and dialect.end_user:
        asked[dialect.end_user] = call.end_user


def _thinking(asked: dict[str, object], call: Call, entry: ModelEntry, dialect: Dialect) -> None:
    """Say whether to think wherever it can be said: a partner's default may be either."""
    if entry.capabilities.thinking in ("always", "never"):
        return
    match dialect.thinking:
        case "enable_thinking":
            # Models without the switch refuse it, so it is only sent where thinking is known.
            if entry.capabilities.thinking == "switchable":
                asked["enable_thinking"] = call.thinking
        case "thinking_type":
            asked["thinking"] = {"type": "enabled" if call.thinking else "disabled"}
        case "chat_template":
            asked["chat_template_kwargs"] = {"enable_thinking": call.thinking}
        case "none":
            pass


def _structure(asked: dict[str, object], schema: Mapping[str, object], entry: ModelEntry) -> None:
    if entry.capabilities.json_schema:
        asked["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": True, "schema": lowered(schema)},
        }
    elif entry.capabilities.json_object:
        asked["response_format"] = {"type": "json_object"}


def _messages(call: Call, entry: ModelEntry, dialect: Dialect) -> list[dict[str, object]]:
    back = dialect.reasoning_back and bool(call.tools)
    messages = [_message(turn, back) for turn in call.turns]
    if call.schema is not None and not entry.capabilities.json_schema:
        # Where the server cannot hold the model to a schema, the model is told of it; several
        # servers refuse the JSON mode unless the prompt says "JSON".
        shape = _encode(lowered(call.schema)).decode()
        told = f"Answer with one JSON object alone. It must fit this JSON Schema: {shape}"
        messages.insert(0, {"role": "system", "content": told})
    return messages


def _message(turn: Turn, reasoning_back: bool) -> dict[str, object]:
    message: dict[str, object] = {"role": turn.role, "content": turn.content.reveal()}
    if turn.pictures:
        parts: list[object] = [
            {
                "type": "image_url",
                "image_url": {
                    "url": f"data:{one.media_type};base64,"
                    + base64.b64encode(one.data.reveal()).decode()
                },
            }
            for one in turn.pictures
        ]
        message["content"] = [*parts, {"type": "text", "text": turn.content.reveal()}]
    if turn.tool_calls:
        message["tool_calls"] = [
            {
                "id": one.id,
                "type": "function",
                "function": {"name": one.name, "arguments": one.arguments.reveal()},
            }
            for one in turn.tool_calls
        ]
    if turn.answers:
        message["tool_call_id"] = turn.answers
    if reasoning_back and turn.role == "assistant":
        message["reasoning_content"] = turn.reasoning.reveal() if turn.reasoning else ""
    return message
