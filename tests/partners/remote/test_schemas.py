"""Schemas: lowered to what servers take, and checked in full on the way back."""

import asyncio
import json
from collections.abc import Mapping

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.features.packs import find_packs, packaged, read_pack
from pratique.partners.contract import Reply
from pratique.partners.remote.schemas import fits, lowered

from .stage import PARTNERS, call, on_stage

SCHEMA: Mapping[str, object] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "title": {"type": "string", "minLength": 3, "pattern": "^[A-Z]"},
        "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}, "maxItems": 2},
        "kind": {"const": "note"},
        "when": {"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]},
    },
    "required": ["title"],
    "$defs": {"tag": {"enum": ["a", "b"], "description": "one of two"}},
}


def test_a_schema_is_lowered_to_what_servers_take() -> None:
    """Lengths, patterns and alternatives go; names, types, lists and choices stay."""
    assert lowered(SCHEMA) == {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "tags": {"type": "array", "items": {"enum": ["a", "b"], "description": "one of two"}},
            "kind": {"enum": ["note"]},
            "when": {"type": "string"},
        },
        "required": ["title", "tags", "kind", "when"],
        "additionalProperties": False,
    }


def test_a_schema_that_refers_to_itself_ends() -> None:
    """A hostile or recursive schema must not run for ever."""
    schema = {
        "$ref": "#/$defs/n",
        "$defs": {"n": {"type": "object", "properties": {"n": {"$ref": "#/$defs/n"}}}},
    }
    assert len(json.dumps(lowered(schema))) < 5_000
    assert lowered({"$ref": "#/$defs/x", "$defs": {"x": {"$ref": "#/$defs/x"}}}) == {}


@pytest.mark.parametrize("folder", find_packs([packaged()]).values(), ids=lambda one: one.name)
@given(st.data())
def test_what_fits_a_features_schema_fits_the_lowered_one_when_complete(
    folder: object, data: st.DataObject
) -> None:
    """A server held to the lowered schema is not kept from a right answer."""
    pack = read_pack(folder)  # type: ignore[arg-type]
    properties = pack.output_schema["properties"]
    assert isinstance(properties, dict)
    small = lowered(pack.output_schema)
    jsonschema_rs.meta.validate(small)
    assert set(small["properties"]) == set(properties)  # type: ignore[call-overload]
    name = data.draw(st.sampled_from(sorted(properties)))
    assert small["properties"][name].get("type") == properties[name].get("type")  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('{"title": "Note", "tags": ["a"], "kind": "note"}', True),
        ('{"title": "note"}', False),
        ('{"title": "Note", "tags": ["a", "b", "a"]}', False),
        ('{"title": "Note"', False),
        ("", False),
    ],
)
def test_the_answer_is_held_to_the_whole_schema(text: str, good: bool) -> None:
    """What was lost on the way out is checked on the way back."""
    assert fits(SCHEMA, text) is good


@pytest.mark.parametrize("dialect", sorted(one.id for one in PARTNERS.values() if one.wire))
def test_every_partner_gives_an_answer_that_fits(dialect: str) -> None:
    """By its JSON Schema mode, its JSON mode or its prompt, whichever the catalogue knows of."""

    async def run() -> Reply:
        async with on_stage(dialect) as stage:
            return await stage.model.complete(
                call(schema={"type": "object", "properties": {"n": {"type": "integer"}}})
            )

    reply = asyncio.run(run())
    entry = PARTNERS[dialect].models[0]
    assert reply.status == "ok"
    # A stand-in without a JSON mode echoes; the reply then says that the answer does not fit.
    assert reply.fits is bool(entry.capabilities.json_schema or entry.capabilities.json_object)
