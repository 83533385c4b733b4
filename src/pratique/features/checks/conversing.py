"""Checks of a conversation: the form that the app asked for, and tools that it offered."""

from collections.abc import Mapping
from typing import NoReturn

import jsonschema_rs
import msgspec

from pratique.features.checks.case import Case

_decode_object = msgspec.json.Decoder(dict[str, object]).decode


def format_as_asked(case: Case) -> str:
    """The text is JSON where that was asked for, and fits the schema that was given."""
    asked = case.request.get(case.use.source)
    text = case.output.get(case.use.field)
    if not asked or not isinstance(asked, Mapping) or asked.get("type") in (None, "text"):
        return ""
    if case.output.get("tool_calls"):
        return ""
    try:
        found = msgspec.json.decode(str(text))
    except msgspec.DecodeError:
        return "the text is not JSON"
    if asked.get("type") == "json_object":
        return "" if isinstance(found, dict) else "the text is not a JSON object"
    schema = asked.get("schema")
    return _misfit(schema, found) if isinstance(schema, Mapping) else ""


def tools_as_offered(case: Case) -> str:
    """Each tool that is asked for was offered, and its arguments are a JSON object."""
    calls = case.output.get(case.use.field)
    if not calls:
        return ""
    offered = case.request.get(case.use.source) or ()
    names = {one.get("name") for one in _records(offered)}
    for call in _records(calls):
        if call.get("name") not in names:
            return "a tool that was not offered"
        try:
            _decode_object(str(call.get("arguments") or "{}"))
        except msgspec.DecodeError:
            return "arguments that are no JSON object"
    return ""


def _records(value: object) -> list[Mapping[str, object]]:
    listed = value if isinstance(value, (list, tuple)) else ()
    return [one for one in listed if isinstance(one, Mapping)]


def _misfit(schema: Mapping[str, object], found: object) -> str:
    try:
        # The schema is the app's own: nothing that it points to outside is ever fetched.
        validator = jsonschema_rs.validator_for(dict(schema), retriever=_nothing)
    except (ValueError, jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError):
        return "the schema that was asked for is none"
    return (
        "" if validator.is_valid(found) else "the text does not fit the schema that was asked for"
    )


def _nothing(address: str) -> NoReturn:
    raise ValueError(f"`{address[:80]}` is outside the request")
