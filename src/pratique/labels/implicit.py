"""Implicit labels: the `AIGC` field that machines read, by GB 45438-2025 annex E."""

import re
from collections.abc import Mapping

import msgspec

from pratique.errors import Malformed

KEYWORD = "AIGC"
"""Key under which the field stands."""

STATES = ("1", "2", "3")
"""Values of `Label`: it is generated, it may be, it is suspected to be."""

CHARSET = ((0x21, 0x21), (0x23, 0x5B), (0x5D, 0x7E))
"""Bytes that a value may hold: printable ASCII without space, quote and backslash."""

_ALLOWED = re.compile("[" + "".join(f"\\x{low:02x}-\\x{high:02x}" for low, high in CHARSET) + "]*")

MAX_LENGTH = 512
"""Longest value that we write or take for sound. The standard states none; this bound is ours."""


class AigcField(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={
        "label": "Label",
        "content_producer": "ContentProducer",
        "produce_id": "ProduceID",
        "reserved_code_1": "ReservedCode1",
        "content_propagator": "ContentPropagator",
        "propagate_id": "PropagateID",
        "reserved_code_2": "ReservedCode2",
    },
):
    """The seven keys."""

    label: str
    """Whether the content is generated, one of `STATES`."""
    content_producer: str
    """Code of who generated it."""
    produce_id: str
    """Number that the producer gave to this content."""
    reserved_code_1: str
    """For the producer's safety, such as a signature; may be empty."""
    content_propagator: str
    """Code of who spread it."""
    propagate_id: str
    """Number that the propagator gave to it."""
    reserved_code_2: str
    """For the propagator's safety; may be empty."""


class Implicit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The field under its keyword, as it is written into an envelope or a file."""

    aigc: AigcField = msgspec.field(name=KEYWORD)
    """The field."""


def first_write(producer_code: str, content_id: str) -> Implicit:
    """Return the label of content that was just generated: producer and propagator are the same.

    Raises:
        Malformed: the code or the number holds a character that the field may not hold.
    """
    for name, value in (("producer code", producer_code), ("content number", content_id)):
        fault = _fault(value)
        if fault or not value:
            # The value is not quoted: a content number may come from a request.
            raise Malformed(
                f"the {name} of an implicit label {fault or 'is empty'}",
                hint="use printable ASCII without space, quote and backslash",
            )
    return Implicit(
        aigc=AigcField(
            label="1",
            content_producer=producer_code,
            produce_id=content_id,
            reserved_code_1="",
            content_propagator=producer_code,
            propagate_id=content_id,
            reserved_code_2="",
        )
    )


def faults(field: AigcField, *, first: bool = False) -> list[str]:
    """Return what is wrong with *field*; *first* asks for the equality of a first write."""
    values = msgspec.to_builtins(field)
    found = [f"`{name}` {_fault(value)}" for name, value in values.items() if _fault(value)]
    if field.label not in STATES:
        found.append("`Label` is not 1, 2 or 3")
    if not field.content_producer:
        found.append("`ContentProducer` is empty")
    if not field.produce_id:
        found.append("`ProduceID` is empty")
    if first and field.content_propagator != field.content_producer:
        found.append("`ContentPropagator` is not `ContentProducer`, as it is when first written")
    if first and field.propagate_id != field.produce_id:
        found.append("`PropagateID` is not `ProduceID`, as it is when first written")
    return found


def read_field(found: Mapping[str, object]) -> AigcField:
    """Return the field in *found*: under its keyword, or its seven keys themselves.

    A field that another wrote as JSON text under the keyword is read too.

    Raises:
        Malformed: there is no such field, or a key is missing, unknown or no text.
    """
    inner = found.get(KEYWORD, found)
    try:
        if isinstance(inner, str):
            return msgspec.json.decode(inner, type=AigcField)
        return msgspec.convert(inner, AigcField)
    except msgspec.DecodeError as error:
        raise Malformed(
            f"no `{KEYWORD}` field: {error}", hint="it has seven keys, each with a text"
        ) from None


def _fault(value: str) -> str:
    if len(value) > MAX_LENGTH:
        return f"is longer than {MAX_LENGTH} characters"
    return "" if _ALLOWED.fullmatch(value) else "holds a character that the field may not hold"
