"""The smallest values that fit a JSON Schema: what a stand-in answers where a schema is asked for."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Schema: TypeAlias = Mapping[str, object]

_DEEPEST = 24
"""Depth at which a schema that holds itself is given up on."""

_FORMATS: Mapping[str, str] = {
    "date-time": "2026-11-02T18:05:00+08:00",
    "date": "2026-11-02",
    "time": "18:05:00+08:00",
    "email": "name@example.org",
    "uri": "https://example.org/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def smallest(
    schema: Schema, root: Schema | None = None, *, number: int = 0, deep: int = 0
) -> object:
    """Return a value that fits *schema*: required fields only, shortest lists, first choices.

    *number* makes the items of one list differ. `pattern` and `not` are not understood.
    """
    root = schema if root is None else root
    if deep > _DEEPEST:
        return None
    schema = _resolved(schema, root)
    if "const" in schema:
        return schema["const"]
    choices = schema.get("enum")
    if isinstance(choices, Sequence) and choices:
        return choices[number % len(choices)]
    match _type(schema):
        case "object":
            return _object(schema, root, number, deep)
        case "array":
            return _array(schema, root, deep)
        case "string":
            return _string(schema, number)
        case "integer" | "number" as kind:
            return _number(schema, number, whole=kind == "integer")
        case "boolean":
            return number % 2 == 1
        case _:
            return None


def _resolved(schema: Schema, root: Schema) -> Schema:
    """Follow references and take the first of every choice."""
    for _ in range(_DEEPEST):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            schema = _merged([_at(root, reference), _without(schema, "$ref")])
            continue
        for word in ("anyOf", "oneOf", "allOf"):
            options = schema.get(word)
            if isinstance(options, Sequence) and options:
                taken = options if word == "allOf" else options[:1]
                schema = _merged([_without(schema, word), *filter(_is_schema, taken)])
                break
        else:
            return schema
    return {}


def _at(root: Schema, reference: str) -> Schema:
    found: object = root
    for step in reference.removeprefix("#").strip("/").split("/") if reference != "#" else ():
        name = step.replace("~1", "/").replace("~0", "~")
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _is_schema(value: object) -> bool:
    return isinstance(value, Mapping)


def _without(schema: Schema, word: str) -> Schema:
    return {name: value for name, value in schema.items() if name != word}


def _merged(schemas: Sequence[Schema]) -> Schema:
    whole: dict[str, object] = {}
    for schema in schemas:
        for name, value in schema.items():
            before = whole.get(name)
            if name == "properties" and isinstance(before, Mapping) and isinstance(value, Mapping):
                value = {**before, **value}
            elif name == "required" and isinstance(before, list) and isinstance(value, list):
                value = [*before, *value]
            whole[name] = value
    return whole


def _type(schema: Schema) -> str:
    kind = schema.get("type")
    if isinstance(kind, Sequence) and not isinstance(kind, str):
        kind = next((one for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    if "properties" in schema or "required" in schema:
        return "object"
    return "array" if "items" in schema else "string"


def _object(schema: Schema, root: Schema, number: int, deep: int) -> dict[str, object]:
    fields, required = schema.get("properties"), schema.get("required")
    known = fields if isinstance(fields, Mapping) else {}
    names = required if isinstance(required, Sequence) else ()
    made: dict[str, object] = {}
    for name in names:
        kind = known.get(name)
        one = kind if isinstance(kind, Mapping) else {}
        made[name] = smallest(one, root, number=number, deep=deep + 1)
    return made


def _array(schema: Schema, root: Schema, deep: int) -> list[object]:
    first, items = schema.get("prefixItems"), schema.get("items")
    kinds = list(first) if isinstance(first, Sequence) else []
    kinds += [items] * (_whole(schema.get("minItems")) - len(kinds))
    return [
        smallest(kind if isinstance(kind, Mapping) else {}, root, number=number, deep=deep + 1)
        for number, kind in enumerate(kinds)
    ]


def _string(schema: Schema, number: int) -> str:
    known = _FORMATS.get(str(schema.get("format")))
    if known is not None:
        return known
    text = f"text {number + 1}" if number else "text"
    text = text.ljust(_whole(schema.get("minLength")), ".")
    longest = schema.get("maxLength")
    return text if longest is None else text[-_whole(longest) :] if _whole(longest) else ""


def _number(schema: Schema, number: int, *, whole: bool) -> float:
    step = schema.get("multipleOf")
    lowest, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    value = float(lowest) if isinstance(lowest, int | float) else 0.0
    if isinstance(above, int | float):
        value = max(value, float(above) + 1)
    highest = schema.get("maximum", schema.get("exclusiveMaximum"))
    if lowest is None and above is None and isinstance(highest, int | float) and highest <= 0:
        value = float(highest) - 1
    if isinstance(step, int | float) and step:
        value = -(-value // step) * step + number * step
    else:
        value += number
    return int(-(-value // 1)) if whole else value


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
