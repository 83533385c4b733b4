"""Implicit labels: seven keys, their characters, and the first write."""

import json

import msgspec
import pytest

from pratique.errors import Malformed
from pratique.labels.implicit import AigcField, faults, first_write, read_field

CODE = "001191110102MAD55U9H0F10002"


def test_a_first_write_has_seven_keys_and_two_pairs_of_equals() -> None:
    """Nobody has spread the content yet, so its producer stands in both places."""
    written = json.loads(msgspec.json.encode(first_write(CODE, "req-1")))
    assert written == {
        "AIGC": {
            "Label": "1",
            "ContentProducer": CODE,
            "ProduceID": "req-1",
            "ReservedCode1": "",
            "ContentPropagator": CODE,
            "PropagateID": "req-1",
            "ReservedCode2": "",
        }
    }
    assert next(iter(written["AIGC"])) == "Label"
    assert faults(first_write(CODE, "req-1").aigc, first=True) == []


@pytest.mark.parametrize("byte", range(0x20, 0x80))
def test_the_characters_are_those_of_the_standard(byte: int) -> None:
    """Printable ASCII without space, quote and backslash; nothing else."""
    allowed = byte == 0x21 or 0x23 <= byte <= 0x5B or 0x5D <= byte <= 0x7E
    if allowed:
        assert first_write(CODE, f"a{chr(byte)}b").aigc.produce_id == f"a{chr(byte)}b"
    else:
        with pytest.raises(Malformed, match="may not hold"):
            first_write(CODE, f"a{chr(byte)}b")


@pytest.mark.parametrize("value", ["", "编号", "a b", "a\n", "a" * 513, "é"])
def test_a_number_out_of_bounds_is_refused_without_quoting_it(value: str) -> None:
    """It may come from a request, and errors are logged."""
    with pytest.raises(Malformed) as caught:
        first_write(CODE, value)
    assert not value or value not in caught.value.message


def test_faults_are_named_by_their_key() -> None:
    """What is read from others is judged key by key."""
    sound = first_write(CODE, "req-1").aigc
    spread = msgspec.structs.replace(sound, content_propagator="another", propagate_id="2")
    assert faults(spread) == []
    assert [one.split("`")[1] for one in faults(spread, first=True)] == [
        "ContentPropagator",
        "PropagateID",
    ]
    bad = msgspec.structs.replace(
        sound, label="AIGC", content_producer="某公司", produce_id="", reserved_code_2="a b"
    )
    assert [one.split("`")[1] for one in faults(bad)] == [
        "ContentProducer",
        "ReservedCode2",
        "Label",
        "ProduceID",
    ]


def test_both_shapes_are_read() -> None:
    """Some write the seven keys alone, some the field as text."""
    inner = msgspec.to_builtins(first_write(CODE, "req-1").aigc)
    wanted = msgspec.convert(inner, AigcField)
    assert read_field({"AIGC": inner}) == wanted
    assert read_field(inner) == wanted
    assert read_field({"AIGC": json.dumps(inner)}) == wanted


@pytest.mark.parametrize(
    "found",
    [{}, {"AIGC": None}, {"AIGC": {"Label": "1"}}, {"AIGC": "eyJ9"}, {"AIGC": {"Label": 1}}],
)
def test_what_is_no_field_is_refused(found: dict[str, object]) -> None:
    """Half a label is none."""
    with pytest.raises(Malformed, match="AIGC"):
        read_field(found)


def test_an_eighth_key_is_refused() -> None:
    """The field has seven keys."""
    inner = msgspec.to_builtins(first_write(CODE, "req-1").aigc)
    with pytest.raises(Malformed, match="AIGC"):
        read_field({"AIGC": {**inner, "Extra": ""}})
