"""Checks of functions that the model may ask for."""

import msgspec

from pratique.partners.conformance.checks import (
    Failed,
    Unsupported,
    checks,
    require,
    undocumented,
)
from pratique.partners.conformance.subject import Subject
from pratique.partners.contract import Call, Reply, Tool, ToolCall, Turn
from pratique.privacy import Sensitive

_WEATHER = Tool(
    name="get_weather",
    about="Look up the weather of a city.",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
)
_CLOCK = Tool(
    name="get_time",
    about="Look up the time in a city.",
    parameters={
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
)
_ASK = "Use get_weather to look up the weather in Hangzhou."
_ASK_TWO = "Use get_weather and get_time to look up the weather and the time in Hangzhou."
_ROOM = 160
"""Tokens for an answer here."""


async def tools_auto(subject: Subject) -> None:
    """A model that may ask for a function does so when it is of use."""
    reply = await _asked(subject)
    subject.establish("tools", bool(reply.tool_calls))
    subject.wit(bool(reply.tool_calls), "it answered without the function")
    _well_formed(reply)


async def tools_finish(subject: Subject) -> None:
    """An answer that asks for a function is an answer, and says why it ended."""
    reply = await _asked(subject)
    subject.wit(bool(reply.tool_calls), "it answered without the function")
    require(bool(reply.finish) and not reply.truncated, "it does not say why it ended")
    require(reply.fits is None, "it was held to a schema that the call did not name")


async def tools_stream(subject: Subject) -> None:
    """A function that is asked for in pieces is put together."""
    call = _call(subject, _ASK, (_WEATHER,))
    reply = _offered(subject, (await subject.stream(call)).reply)
    subject.wit(bool(reply.tool_calls), "it answered without the function")
    _well_formed(reply)


async def tools_required(subject: Subject) -> None:
    """A model that must ask for a function does."""
    reply = await subject.ask(_call(subject, _ASK, (_WEATHER,), tool_choice="required"))
    forced = bool(subject.offered("forced_tools", reply, subject.can.tools).tool_calls)
    subject.establish("forced_tools", forced)
    if not forced and subject.can.tools is None:
        raise Unsupported("it answered without the function, which the catalogue does not promise")
    require(forced, "it answered without the function")
    _well_formed(reply)


async def tools_none(subject: Subject) -> None:
    """A model that must not ask for a function answers in words."""
    reply = await subject.ask(_call(subject, _ASK, (_WEATHER,), tool_choice="none"))
    require(not _offered(subject, reply).tool_calls, "it asked for a function")


async def tools_several(subject: Subject) -> None:
    """Several functions may be asked for at once, each under a name of its own."""
    reply = _offered(subject, await subject.ask(_call(subject, _ASK_TWO, (_WEATHER, _CLOCK))))
    subject.wit(len(reply.tool_calls) > 1, "it did not ask for both functions")
    ids = [one.id for one in reply.tool_calls]
    require(len(set(ids)) == len(ids), "two calls of functions have one id")
    require({one.name for one in reply.tool_calls} <= {"get_weather", "get_time"}, "a strange name")


async def tools_result(subject: Subject) -> None:
    """What a function came to can be told, and is answered."""
    asked = (await _asked(subject)).tool_calls or (
        ToolCall(id="call_1", name="get_weather", arguments=Sensitive('{"city": "Hangzhou"}')),
    )
    turns = (
        Turn(role="user", content=Sensitive(_ASK)),
        Turn(role="assistant", content=Sensitive(""), tool_calls=asked[:1]),
        Turn(role="tool", content=Sensitive('{"weather": "rain"}'), answers=asked[0].id),
    )
    reply = _offered(subject, await subject.ask(_call(subject, "", (_WEATHER,), turns=turns)))
    require(bool(reply.text.reveal() or reply.tool_calls), "the result was not answered")


CHECKS = checks(
    tools_auto,
    tools_finish,
    tools_stream,
    tools_required,
    tools_none,
    tools_several,
    tools_result,
)


def _call(subject: Subject, text: str, tools: tuple[Tool, ...], **fields: object) -> Call:
    if subject.can.tools is False:
        undocumented("functions")
    return subject.call(text, tools=tools, max_tokens=max(_ROOM, subject.room()), **fields)


async def _asked(subject: Subject) -> Reply:
    """Return the answer to a call that is best served by a function."""
    call = _call(subject, _ASK, (_WEATHER,))
    return _offered(subject, await subject.once("tools", lambda: subject.ask(call)))


def _offered(subject: Subject, reply: Reply) -> Reply:
    return subject.offered("tools", reply, subject.can.tools)


def _well_formed(reply: Reply) -> None:
    """Require a known name, an id, and arguments that are a JSON object with what is needed."""
    for one in reply.tool_calls:
        require(one.name == "get_weather", "it asked for a function that it was not told of")
        require(bool(one.id), "what it asks for has no id")
        try:
            arguments = msgspec.json.decode(one.arguments.reveal())
        except msgspec.DecodeError:
            raise Failed("the arguments are no JSON") from None
        require(isinstance(arguments, dict), "the arguments are no JSON object")
