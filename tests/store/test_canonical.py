"""Canonical JSON and digests."""

import json
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)  # fmt: skip


class Point(msgspec.Struct):
    """A record whose fields are not in the order of their names."""

    y: int
    x: int


def shuffled(value: object) -> object:
    """Return an equal value whose objects list their keys the other way round."""
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(list(value))}
    return [shuffled(item) for item in value] if isinstance(value, list) else value


@given(JSON)
def test_canonical_json_reads_back_and_ignores_the_order_of_keys(value: object) -> None:
    """Equal values have equal bytes, whoever wrote them."""
    data = canonical(value)
    assert json.loads(data) == value
    assert canonical(shuffled(value)) == data


def test_canonical_json_is_sorted_dense_and_not_escaped() -> None:
    """The exact bytes are a promise: digests in filings rest on them."""
    assert canonical({"b": [1, 1.0, True], "a": "审核"}) == '{"a":"审核","b":[1,1.0,true]}'.encode()
    assert canonical(Point(y=1, x=2)) == b'{"x":2,"y":1}'
    assert canonical({"z": {3, 1, 2}, 10: 0, 9: 0}) == b'{"10":0,"9":0,"z":[1,2,3]}'


@pytest.mark.parametrize(
    "value", [float("nan"), [float("inf")], {"a": float("-inf")}, "\ud800", object()]
)
def test_a_value_without_json_is_refused(value: object) -> None:
    """A NaN has no JSON; writing null instead would give two values one digest."""
    with pytest.raises(Malformed, match="no canonical JSON"):
        canonical(value)


def test_a_refusal_does_not_quote_the_value() -> None:
    """What could not be written may be private."""
    with pytest.raises(Malformed) as caught:
        canonical({"key": object(), "text": "mother's maiden name\ud800"})
    assert "maiden" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_digest_names_its_algorithm() -> None:
    """Another algorithm may come; a digest says which one it is."""
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert digest(b"") == f"sha256:{empty}"


def test_a_stamp_is_utc_and_sorts_as_time_does() -> None:
    """Stored times are compared as text."""
    moment = datetime(2026, 11, 2, 18, 5, tzinfo=timezone(timedelta(hours=8)))
    assert stamp(moment) == "2026-11-02T10:05:00.000000Z"
    assert stamp(moment) < stamp(datetime(2026, 11, 2, 10, 5, 0, 1, tzinfo=UTC))
    with pytest.raises(Malformed, match="no time zone"):
        stamp(moment.replace(tzinfo=None))
