"""API keys open what they were issued for, and are never stored."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from pratique.errors import Malformed, NotFound
from pratique.people import api_keys

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def test_a_token_opens_its_own_key(connection: Connection) -> None:
    """Two keys never stand for each other."""
    device, device_token = api_keys.issue(connection, "phones", ["device"], NOW)
    both, both_token = api_keys.issue(connection, "tools", ["operator", "device"], NOW)
    assert both.scopes == ("device", "operator")
    assert api_keys.authenticate(connection, device_token) == device
    assert api_keys.authenticate(connection, both_token) == both
    crossed = f"pq_{device.id}_{both_token.split('_', 2)[2]}"
    assert api_keys.authenticate(connection, crossed) is None
    assert {key.id for key in api_keys.list_keys(connection)} == {device.id, both.id}


def test_a_token_says_its_id_and_holds_a_long_secret(connection: Connection) -> None:
    """256 random bits need no slow hash."""
    key, token = api_keys.issue(connection, "phones", ["device"], NOW)
    prefix, key_id, secret = token.split("_", 2)
    assert (prefix, key_id, len(secret)) == ("pq", key.id, 43)


def test_the_secret_is_nowhere_in_the_database_or_the_record(connection: Connection) -> None:
    """Who reads a backup cannot use the keys in it."""
    key, token = api_keys.issue(connection, "phones", ["device"], NOW)
    secret = token.split("_", 2)[2]
    row = connection.execute(text("SELECT * FROM api_keys")).one()
    assert secret not in repr(row) + repr(key)


NEAR_MISSES = ["pq__", "pq_", "pq_{id}_", "pq_{id}", "{token}x", "\ud800", "pq_{id}_\ud800"]


@settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(text=st.text() | st.sampled_from(NEAR_MISSES))
def test_no_other_text_opens_anything(connection: Connection, text: str) -> None:
    """Nonsense is answered by None, never by an error."""
    key, token = api_keys.issue(connection, "phones", ["device"], NOW)
    other = text.replace("{id}", key.id).replace("{token}", token)
    assert api_keys.authenticate(connection, other) is None


@pytest.mark.parametrize("place", [0, 3, -1])
def test_a_token_with_one_wrong_character_opens_nothing(connection: Connection, place: int) -> None:
    """Prefix, id and secret all count."""
    _, token = api_keys.issue(connection, "phones", ["device"], NOW)
    wrong = list(token)
    wrong[place] = "A" if wrong[place] != "A" else "B"
    assert api_keys.authenticate(connection, "".join(wrong)) is None


def test_a_revoked_key_opens_nothing_and_stays_listed(connection: Connection) -> None:
    """When it was revoked first is when it stopped to work."""
    key, token = api_keys.issue(connection, "phones", ["device"], NOW)
    revoked = api_keys.revoke(connection, key.id, NOW + timedelta(hours=1))
    assert revoked.revoked == "2026-11-02T01:00:00.000000Z"
    assert api_keys.revoke(connection, key.id, NOW + timedelta(hours=2)) == revoked
    assert api_keys.authenticate(connection, token) is None
    assert api_keys.list_keys(connection) == [revoked]


def test_revoking_an_unknown_key_is_told(connection: Connection) -> None:
    """A mistyped id must not look revoked."""
    with pytest.raises(NotFound, match="`abc`"):
        api_keys.revoke(connection, "abc", NOW)


@pytest.mark.parametrize(
    ("label", "scopes"), [("", ["device"]), ("a\nb", ["device"]), ("a", []), ("a", ["root"])]
)
def test_a_key_without_a_label_or_a_known_scope_is_refused(
    connection: Connection, label: str, scopes: list[str]
) -> None:
    """Nobody dares to revoke a key that does not say what it is for."""
    with pytest.raises(Malformed) as caught:
        api_keys.issue(connection, label, scopes, NOW)
    assert caught.value.hint
