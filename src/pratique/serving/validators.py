"""Schemas of a variant, compiled once: requests and outputs are held to them."""

from collections.abc import Mapping
from functools import lru_cache

import jsonschema_rs
import msgspec

from pratique.serving.variant import Variant

_MOST = 1024


class BadInput(ValueError):
    """The input does not fit the feature's schema. The text names the place, not the content."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def input_fault(variant: Variant, request: Mapping[str, object]) -> str:
    """Return where *request* does not fit the variant's schema, by place and rule; empty if it does.

    What the rule asks for stands beside it, as the schema says it; what was sent does not.
    """
    validator = _validator(variant.input_schema)
    if validator.is_valid(request):
        return ""
    error = next(validator.iter_errors(request))
    return f"{_place(error)}{_wanted(error)}"


def output_fault(variant: Variant, output: Mapping[str, object]) -> str:
    """Return where *output* does not fit the variant's schema, by place and rule; empty if it does."""
    return _fault(_validator(variant.output_schema), output)


def _fault(validator: jsonschema_rs.Validator, value: Mapping[str, object]) -> str:
    if validator.is_valid(value):
        return ""
    return _place(next(validator.iter_errors(value)))


def _place(error: jsonschema_rs.ValidationError) -> str:
    path = "".join(f"/{step}" for step in error.instance_path)
    rule = str(error.schema_path[-1]) if error.schema_path else "schema"
    return f"`{path or '/'}` does not fit the schema's `{rule}`"


_TOLD = frozenset(
    {
        "maxItems",
        "maxLength",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "pattern",
    }
)
"""Rules whose value is told: a number or a pattern of the schema, never something that was sent."""


def _wanted(error: jsonschema_rs.ValidationError) -> str:
    """Return what the rule asks for, from the schema alone; empty for rules that say enough."""
    rule, value = error.kind.name, error.kind.value
    if rule == "required":
        return f": `{value}` is missing"
    if rule in ("enum", "type") and isinstance(value, list):
        return f": it takes {', '.join(f'`{one}`' for one in value[:20])}"
    if rule == "additionalProperties":
        return ": it holds a field that is not in the schema"
    return f": {value}" if rule in _TOLD else ""


_held: dict[int, tuple[Mapping[str, object], jsonschema_rs.Validator]] = {}


def _validator(schema: Mapping[str, object]) -> jsonschema_rs.Validator:
    """Return the validator of *schema*, found by its identity: to write it out takes longer."""
    known = _held.get(id(schema))
    # The schema is held with its validator, so that its identity stays its own.
    if known is not None and known[0] is schema:
        return known[1]
    if len(_held) >= _MOST:
        _held.pop(next(iter(_held)))
    found = _compiled(msgspec.json.encode(schema))
    _held[id(schema)] = (schema, found)
    return found


@lru_cache(maxsize=256)
def _compiled(schema: bytes) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(msgspec.json.decode(schema))
