"""Bodies: the shapes that servers of the OpenAI-style wire answer in, read leniently.

A field that a partner leaves out, sends as null or adds is no fault; one of another type is.
None of them refers back to what holds it, so the garbage collector is not told of them.
"""

import msgspec


class Function(msgspec.Struct, gc=False):
    """The function of a tool call, whole or a piece of it."""

    name: str | None = None
    arguments: str | None = None


class Asked(msgspec.Struct, gc=False):
    """A tool call, whole or a piece of it."""

    index: int | None = None
    id: str | None = None
    function: Function | None = None


class Part(msgspec.Struct, gc=False):
    """A part of a message whose content is a list."""

    text: str | None = None


class Message(msgspec.Struct, gc=False):
    """A message, or what one event adds to it."""

    content: str | list[Part] | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None
    tool_calls: list[Asked] | None = None


class Choice(msgspec.Struct, gc=False):
    """One answer, with the safety marks that some partners put on it."""

    message: Message | None = None
    delta: Message | None = None
    text: str | None = None
    """Of a completion."""
    finish_reason: str | None = None
    flag: int | None = None
    """Baidu: 0 is fine, 1 a low risk, 2 and more a safety hit, 4 takes back what was shown."""
    need_clear_history: bool | None = None
    """Baidu: the input is a risk."""
    moderation_hit_type: str | None = None
    """ByteDance: what the output was stopped for."""


class InputDetails(msgspec.Struct, gc=False):
    """What the tokens read were."""

    cached_tokens: int | None = None


class OutputDetails(msgspec.Struct, gc=False):
    """What the tokens written were."""

    reasoning_tokens: int | None = None


class Used(msgspec.Struct, gc=False):
    """The tokens of a call."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_cache_hit_tokens: int | None = None
    prompt_tokens_details: InputDetails | None = None
    completion_tokens_details: OutputDetails | None = None


class Body(msgspec.Struct, gc=False):
    """A whole answer, one event of a stream, or an error: whichever it turns out to be."""

    choices: list[Choice] | None = None
    usage: Used | None = None
    model: str | None = None
    system_fingerprint: str | None = None
    id: str | None = None
    request_id: str | None = None
    error: msgspec.Raw = msgspec.Raw(b"")
    code: int | str | None = None
    message: str | None = None
    msg: str | None = None
    type: str | None = None
    object: str | None = None
    error_code: int | str | None = None
    error_msg: str | None = None
    need_clear_history: bool | None = None


class Fault(msgspec.Struct, gc=False):
    """An error object."""

    code: int | str | None = None
    type: str | None = None
    message: str | None = None
    upstream_code: int | str | None = None
    upstream_status: int | None = None
    request_id: str | None = None


decode = msgspec.json.Decoder(Body).decode
"""Read one body.

Raises:
    msgspec.DecodeError: it is no JSON, or a field has another type.
"""

_decode_fault = msgspec.json.Decoder(Fault).decode
_decode_text = msgspec.json.Decoder(str).decode


def fault(body: Body) -> Fault | None:
    """Return the error that *body* holds, in whichever of the known shapes, or None."""
    if body.choices and not body.error:
        return None
    raw = bytes(body.error)
    if raw:
        if raw.startswith(b'"'):
            return Fault(message=_decode_text(raw))
        if raw != b"null":
            return _decode_fault(raw)
    if body.choices:
        return None
    if body.code is not None and (body.message or body.msg):
        return Fault(code=body.code, type=body.type, message=body.message or body.msg)
    if body.error_code is not None:
        return Fault(code=body.error_code, message=body.error_msg)
    if body.object == "error":
        return Fault(code=body.code, type=body.type, message=body.message)
    return None
