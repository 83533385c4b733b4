"""Fields of an input, as its schema names them: which holds the words, which must be given."""

from collections.abc import Mapping

import msgspec

from pratique.features.packs import Schema, properties


def conversation_field(schema: Schema) -> str:
    """Return the field of an input that holds the turns of a conversation; empty where none does."""
    for name, field in properties(schema).items():
        turns = field.get("items")
        if isinstance(turns, (dict, Mapping)) and {"role", "content"} <= set(properties(turns)):
            return name
    return ""


def text_field(schema: Schema) -> str:
    """Return the field of an input that holds its main text; empty where there is none.

    It is the first that is free text and must not be empty.
    """
    for name, field in properties(schema).items():
        if field.get("type") == "string" and field.get("minLength"):
            return name
    return ""


def unsaid(schema: Schema) -> tuple[str, ...]:
    """Return the required fields, beside the main text, for which the pack's example does not stand.

    It stands for a choice or a number; never for a date, a name or anybody's words.
    """
    main = text_field(schema)
    fields = properties(schema)
    return tuple(
        name
        for name in required(schema)
        if name != main and not ("enum" in fields[name] or fields[name].get("type") == "integer")
    )


def required(schema: Schema) -> tuple[str, ...]:
    """Return the fields that an input must have."""
    return msgspec.convert(schema.get("required", ()), tuple[str, ...])
