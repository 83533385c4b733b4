"""What a stand-in says: an answer that follows from the request alone, in no dialect yet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from pratique.partners.standins.asked import Asked, Tool
from pratique.partners.standins.instances import smallest

ECHO = 400
"""Characters of the user's message that come back."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_TOKEN = re.compile(
    r"[\u2e80-\uffef\U00020000-\U0003ffff]|[^\u2e80-\uffef\U00020000-\U0003ffff]{1,4}"
)


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that is asked for."""

    name: str
    """Its name."""
    arguments: str
    """Its arguments, as JSON."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer."""

    reasoning: str
    """What was thought; empty where nothing was."""
    text: str
    """The answer."""
    tools: tuple[ToolUse, ...]
    """What is asked for."""
    finish: str
    """Why it ended: `stop`, `length` or `tool_calls`."""
    heard_tokens: int
    """Tokens read."""
    picture_tokens: int
    """Of those, tokens of pictures."""
    thought_tokens: int
    """Tokens thought."""
    said_tokens: int
    """Tokens of the answer and of what it asks for."""

    @property
    def written_tokens(self) -> int:
        """Tokens written in all."""
        return self.thought_tokens + self.said_tokens


def tokens(text: str) -> list[str]:
    """Return *text* in tokens: a Chinese character each, or up to four others."""
    return _TOKEN.findall(text)


def say(asked: Asked, *, thinking: bool, limit_holds_thoughts: bool) -> Said:
    """Answer *asked*."""
    uses = _tools_used(asked)
    whole = "" if uses else _stopped(_text(asked), asked.stops)
    thought = tokens(_thought(asked.last)) if thinking else []
    spoken = tokens(whole)
    thought, kept = _limited(asked, thought, spoken, limit_holds_thoughts=limit_holds_thoughts)
    short = len(kept) < len(spoken)
    written = sum(len(tokens(use.name + use.arguments)) for use in uses)
    pictures = 256 * len(asked.pictures)
    heard = sum(len(tokens(message.text)) + 4 for message in asked.messages)
    return Said(
        reasoning="".join(thought),
        text="".join(kept),
        tools=uses,
        finish="length" if short else "tool_calls" if uses else "stop",
        heard_tokens=heard + pictures + (len(tokens(asked.last)) if not asked.messages else 0),
        picture_tokens=pictures,
        thought_tokens=len(thought),
        said_tokens=written or len(kept),
    )


def _limited(
    asked: Asked, thought: list[str], spoken: list[str], *, limit_holds_thoughts: bool
) -> tuple[list[str], list[str]]:
    whole = asked.max_completion_tokens
    if limit_holds_thoughts and asked.max_tokens is not None:
        whole = asked.max_tokens if whole is None else min(whole, asked.max_tokens)
    if whole is not None:
        thought = thought[:whole]
        spoken = spoken[: whole - len(thought)]
    return thought, spoken if asked.max_tokens is None else spoken[: asked.max_tokens]


def _text(asked: Asked) -> str:
    form = asked.response_format
    if asked.format == "json_schema" and form is not None and form.json_schema is not None:
        return _json(smallest(form.json_schema.schema or {}))
    last = asked.last[:ECHO]
    if asked.format == "json_object":
        return _json({"text": last})
    if _HAN.search(last):
        seen = f"我看到{len(asked.pictures)}张图片：{'、'.join(asked.pictures)}。"
        return (seen if asked.pictures else "") + f"你说：{last}"
    seen = f"I see {len(asked.pictures)} picture(s): {', '.join(asked.pictures)}. "
    return (seen if asked.pictures else "") + f"You said: {last}"


def _thought(last: str) -> str:
    about = last[:24]
    return f"用户说“{about}”，直接回答。" if _HAN.search(last) else f'They say "{about}". I answer.'


def _stopped(text: str, stops: Sequence[str]) -> str:
    ends = [at for at in (text.find(stop) for stop in stops) if at >= 0]
    return text[: min(ends)] if ends else text


def _tools_used(asked: Asked) -> tuple[ToolUse, ...]:
    known = asked.tools or []
    if not known or asked.tool_choice == "none":
        return ()
    forced = asked.forced
    if forced is not None:
        chosen = next((tool for tool in known if tool.function.name == forced), known[0])
        return (_use(chosen),)
    if asked.messages and asked.messages[-1].role == "tool":
        return ()
    return tuple(
        _use(one) for one in known if one.function.name and one.function.name in asked.last
    )


def _use(tool: Tool) -> ToolUse:
    return ToolUse(
        tool.function.name, _json(smallest(tool.function.parameters or {"type": "object"}))
    )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
