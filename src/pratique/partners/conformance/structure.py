"""Checks of answers held to JSON and to a schema."""

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from pratique.partners.conformance.checks import (
    Failed,
    Unsupported,
    answered,
    checks,
    require,
    undocumented,
)
from pratique.partners.conformance.subject import Subject
from pratique.partners.contract import Call, Reply

Schema: TypeAlias = Mapping[str, object]

_ASK = "A parcel arrives on Monday. Write what you know of it as JSON."
_ROOM = 240
"""Tokens for an answer here."""


def _object(**fields: object) -> Schema:
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


_TEXT: Schema = {"type": "string"}
_FLAT = _object(what=_TEXT, late={"type": "boolean"}, parcels={"type": "integer"})
_NESTED = _object(parcel=_object(what=_TEXT, arrival=_object(day=_TEXT)))
_ENUM = _object(day={"type": "string", "enum": ["Monday", "Tuesday", "Sunday"]})
_ARRAY = _object(days={"type": "array", "items": {"type": "string", "enum": ["Monday", "Sunday"]}})
_CHINESE = _object(星期={"type": "string", "enum": ["星期一", "星期二"]}, 已到={"type": "boolean"})
_RICH: Schema = {
    "$defs": {"day": {"enum": ["Monday", "Tuesday"], "type": "string"}},
    **_object(
        day={"$ref": "#/$defs/day"},
        parcels={"anyOf": [{"type": "integer"}, {"type": "null"}]},
        kind={"const": "parcel"},
        note={"type": "string", "maxLength": 4000},
    ),
}


async def json_object(subject: Subject) -> None:
    """An answer that must be a JSON object is one."""
    known = subject.can.json_object
    if known is False:
        undocumented("JSON mode")
    can = msgspec.structs.replace(subject.can, json_schema=False, json_object=True)
    reply = await subject.ask(_call(subject, _FLAT), subject.variant(capabilities=can))
    _require_whole(subject, subject.offered("json_object", reply, known))
    held = isinstance(_read(reply), dict)
    subject.establish("json_object", held)
    _promised(held, known, "the answer is no JSON object")


async def schema_flat(subject: Subject) -> None:
    """An answer fits a flat schema."""
    await _fits(subject, _FLAT)


async def schema_nested(subject: Subject) -> None:
    """An answer fits a schema with objects in objects."""
    await _fits(subject, _NESTED)


async def schema_enum(subject: Subject) -> None:
    """An answer fits a schema that leaves a choice of words."""
    await _fits(subject, _ENUM)


async def schema_array(subject: Subject) -> None:
    """An answer fits a schema with a list."""
    await _fits(subject, _ARRAY)


async def schema_chinese(subject: Subject) -> None:
    """An answer fits a schema whose names and words are Chinese."""
    await _fits(subject, _CHINESE)


async def schema_lowered(subject: Subject) -> None:
    """A schema with references and alternatives is lowered to what partners take."""
    await _fits(subject, _RICH)
    sent = msgspec.json.encode(subject.asked().get("response_format"))
    strange = [word for word in (b"$ref", b"$defs", b"anyOf", b"maxLength") if word in sent]
    require(not strange, f"`{strange[0].decode() if strange else ''}` was sent")


async def schema_stream(subject: Subject) -> None:
    """An answer in pieces fits its schema."""
    await _fits(subject, _FLAT, stream=True)


async def schema_unasked(subject: Subject) -> None:
    """An answer that was held to no schema is not said to fit one."""
    require(answered(await subject.plain()).fits is None, "`fits` stands on a free answer")


CHECKS = checks(
    json_object,
    schema_flat,
    schema_nested,
    schema_enum,
    schema_array,
    schema_chinese,
    schema_lowered,
    schema_stream,
    schema_unasked,
)


async def _fits(subject: Subject, schema: Schema, *, stream: bool = False) -> None:
    known = subject.can.json_schema
    if known is False:
        undocumented("schemas")
    model = subject.variant(capabilities=msgspec.structs.replace(subject.can, json_schema=True))
    call = _call(subject, schema)
    reply = (await subject.stream(call, model)).reply if stream else await subject.ask(call, model)
    _require_whole(subject, subject.offered("json_schema", reply, known))
    subject.establish("json_schema", reply.fits is True)
    _promised(reply.fits is True, known, "the answer does not fit the schema")


def _call(subject: Subject, schema: Schema) -> Call:
    return subject.call(_ASK, schema=schema, max_tokens=max(_ROOM, subject.room()))


def _read(reply: Reply) -> object:
    try:
        return msgspec.json.decode(reply.text.reveal())
    except msgspec.DecodeError:
        return None


def _require_whole(subject: Subject, reply: Reply) -> None:
    subject.wit(not reply.truncated, "the answer was cut at the token limit")


def _promised(holds: bool, documented: bool | None, otherwise: str) -> None:
    """Fail unless it *holds*; where no documentation promises it, it is not offered."""
    if not holds and documented is None:
        raise Unsupported(f"{otherwise}, and the catalogue does not promise it")
    if not holds:
        raise Failed(otherwise)
