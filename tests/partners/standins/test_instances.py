"""Tests of the smallest values that fit a schema."""

import jsonschema_rs
import msgspec
import pytest

from pratique.partners.standins.instances import smallest

SCHEMAS = [
    "{}",
    '{"type":"object","required":["a","b"],"properties":{"a":{"type":"integer","minimum":3}}}',
    '{"type":"array","items":{"type":"string"},"minItems":3,"uniqueItems":true}',
    '{"type":"array","items":{"type":"object","required":["a"],"properties":{"a":{"type":"number"}}},'
    '"minItems":2,"uniqueItems":true}',
    '{"type":"array","prefixItems":[{"type":"boolean"},{"const":7}],"minItems":2}',
    '{"enum":["x","y"]}',
    '{"type":["null","string"],"minLength":9}',
    '{"type":"string","maxLength":2}',
    '{"type":"string","format":"date-time"}',
    '{"anyOf":[{"type":"integer","exclusiveMinimum":1,"multipleOf":5},{"type":"null"}]}',
    '{"type":"integer","maximum":-2}',
    '{"allOf":[{"required":["a"]},{"properties":{"a":{"type":"boolean"}}}],"required":["b"]}',
    '{"$defs":{"n":{"type":"object","required":["v"],"properties":{"v":{"type":"string"},'
    '"next":{"$ref":"#/$defs/n"}}}},"$ref":"#/$defs/n"}',
]


@pytest.mark.parametrize("text", SCHEMAS)
def test_the_value_fits(text: str) -> None:
    schema = msgspec.json.decode(text, type=dict[str, object])
    jsonschema_rs.validate(schema, smallest(schema))


def test_a_schema_that_must_hold_itself_is_given_up_on() -> None:
    """It has no finite value; the stand-in must answer all the same."""
    schema = msgspec.json.decode('{"$ref":"#"}', type=dict[str, object])
    assert smallest(schema) == "text"
    endless = '{"type":"object","required":["a"],"properties":{"a":{"$ref":"#"}}}'
    assert isinstance(smallest(msgspec.json.decode(endless, type=dict[str, object])), dict)
