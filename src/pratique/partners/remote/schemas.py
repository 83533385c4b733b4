"""Schemas: a JSON Schema lowered to the subset that partners' structured output takes.

What is lost on the way (lengths, patterns, alternatives) is checked by us on the whole schema when
the answer comes back.
"""

from collections.abc import Mapping
from functools import lru_cache

import jsonschema_rs
import msgspec

_KEPT = ("type", "enum", "description")
_DEPTH = 16
"""Deepest nesting that is followed; a schema that refers to itself ends there."""


def lowered(schema: Mapping[str, object]) -> dict[str, object]:
    """Return *schema* with objects, lists, enumerations and descriptions alone.

    References inside the schema are written out, every object is closed, and of alternatives the
    first that is not null is taken.
    """
    return _lowered(schema, schema, _DEPTH)


def _lowered(
    node: Mapping[str, object], root: Mapping[str, object], depth: int
) -> dict[str, object]:
    node = _resolved(node, root)
    if depth == 0:
        return {}
    found: dict[str, object] = {key: node[key] for key in _KEPT if key in node}
    if "const" in node:
        found["enum"] = [node["const"]]
    properties, items = node.get("properties"), node.get("items")
    if isinstance(properties, Mapping):
        found["properties"] = {
            name: _lowered(one, root, depth - 1) if isinstance(one, Mapping) else {}
            for name, one in properties.items()
        }
        found["required"] = list(properties)
        found["additionalProperties"] = False
    if isinstance(items, Mapping):
        found["items"] = _lowered(items, root, depth - 1)
    return found


def _resolved(node: Mapping[str, object], root: Mapping[str, object]) -> Mapping[str, object]:
    for _ in range(_DEPTH):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/"):
            node = _at(root, reference[2:].split("/"))
            continue
        first = next(
            (_first(node[key]) for key in ("anyOf", "oneOf", "allOf") if key in node), None
        )
        if first is None:
            break
        node = {**{k: v for k, v in node.items() if k not in ("anyOf", "oneOf", "allOf")}, **first}
    return node


def _at(root: Mapping[str, object], path: list[str]) -> Mapping[str, object]:
    place: object = root
    for step in path:
        place = (
            place.get(step.replace("~1", "/").replace("~0", "~"))
            if isinstance(place, Mapping)
            else None
        )
    return place if isinstance(place, Mapping) else {}


def _first(alternatives: object) -> Mapping[str, object] | None:
    if not isinstance(alternatives, list):
        return None
    return next(
        (one for one in alternatives if isinstance(one, Mapping) and one.get("type") != "null"),
        None,
    )


@lru_cache(maxsize=256)
def _validator(schema: bytes) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(msgspec.json.decode(schema))


def fits(schema: Mapping[str, object], text: str) -> bool:
    """Return whether *text* is JSON that fits the whole *schema*."""
    try:
        value = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return bool(_validator(msgspec.json.encode(schema)).is_valid(value))
