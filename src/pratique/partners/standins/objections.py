"""Objections: what a dialect does not take, beyond what every one of them refuses."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pratique.partners.standins.asked import Asked
from pratique.partners.standins.faults import Fault, fault

OPEN_QWEN = re.compile(r"qwen3(?:\.\d+)?-(?:[a-z]+-)*\d+(?:\.\d+)?b")
"""Beginning of the names of Qwen 3 models with open weights, which think unless told otherwise."""

_REASONING_BACK = "The `reasoning_content` in the thinking mode must be passed back to the API."


@dataclass(frozen=True, slots=True)
class Situation:
    """A request and what the stand-in made of it."""

    asked: Asked
    """The request."""
    thinking: bool
    """Whether the model would think."""
    pictures: bool | None
    """Whether the model takes pictures; None is unknown."""


Objection: TypeAlias = Callable[[Situation], str | None]
"""Says why a request is not taken; None where it is."""


def object_to(dialect: str, situation: Situation) -> Fault | None:
    """Return the first fault that *dialect* finds with *situation*."""
    for objection in (*_EVERYBODY, *_OBJECTIONS.get(dialect, ())):
        message = objection(situation)
        if message is not None:
            return fault(dialect, "invalid", message)
    return None


def _nothing_said(situation: Situation) -> str | None:
    asked = situation.asked
    said = asked.messages or asked.prompt is not None
    return None if said else "`messages` must hold at least one message"


def _limit_below_one(situation: Situation) -> str | None:
    for limit in (situation.asked.max_tokens, situation.asked.max_completion_tokens):
        if limit is not None and limit < 1:
            return f"max_tokens must be at least 1, got {limit}"
    return None


def _forced_while_thinking(situation: Situation) -> str | None:
    if situation.thinking and situation.asked.forced is not None:
        return "The tool_choice parameter does not support being set to required or object in thinking mode"
    return None


def _json_unsaid(situation: Situation) -> str | None:
    asked = situation.asked
    if asked.format == "json_object" and "json" not in asked.words:
        return (
            "'messages' must contain the word 'json' in some form, to use 'response_format' of"
            " type 'json_object'."
        )
    return None


def _thinking_in_one_piece(situation: Situation) -> str | None:
    asked = situation.asked
    older = asked.model.startswith("qwq") or OPEN_QWEN.match(asked.model)
    if older and situation.thinking and not asked.stream:
        return "parameter.enable_thinking must be set to false for non-streaming calls"
    return None


def _schema(situation: Situation) -> str | None:
    if situation.asked.format == "json_schema":
        return "This response_format type is unavailable now"
    return None


def _blind(situation: Situation) -> str | None:
    asked = situation.asked
    blind = situation.pictures is False or asked.model == "deepseek-v4-pro"
    if blind and asked.pictures:
        return f"{asked.model} does not support image input"
    return None


def _thoughts_kept_back(situation: Situation) -> str | None:
    asked = situation.asked
    spoken = [message for message in asked.messages if message.role == "assistant"]
    with_tools = asked.tools or any(message.tool_calls for message in spoken)
    if situation.thinking and with_tools and any(not one.reasoning_content for one in spoken):
        return _REASONING_BACK
    return None


def _strange_role(situation: Situation) -> str | None:
    if any(message.role == "developer" for message in situation.asked.messages):
        return "unknown variant `developer`, expected one of `system`, `user`, `assistant`, `tool`"
    return None


def _strange_tool(situation: Situation) -> str | None:
    if any(tool.type != "function" for tool in situation.asked.tools or ()):
        return "only tools of type `function` are supported"
    return None


def _minimal_effort(situation: Situation) -> str | None:
    if situation.asked.reasoning_effort == "minimal":
        return "unknown variant `minimal` of reasoning_effort"
    return None


def _blank_end(situation: Situation) -> str | None:
    messages = situation.asked.messages
    if messages and not messages[-1].text.strip() and not messages[-1].pictures:
        return "the content of the last message must not be blank"
    return None


def _many_stops(situation: Situation) -> str | None:
    return "stop: at most 4 strings" if len(situation.asked.stops) > 4 else None


_EVERYBODY: tuple[Objection, ...] = (_nothing_said, _limit_below_one)

_OBJECTIONS: Mapping[str, tuple[Objection, ...]] = {
    "alibaba": (_thinking_in_one_piece, _forced_while_thinking, _json_unsaid),
    "baidu": (_blank_end,),
    "tencent": (_many_stops,),
    "deepseek": (
        _strange_role,
        _strange_tool,
        _minimal_effort,
        _schema,
        _json_unsaid,
        _blind,
        _forced_while_thinking,
        _thoughts_kept_back,
    ),
}
