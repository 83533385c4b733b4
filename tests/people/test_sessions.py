"""Sessions of the console: from the password to the logout, and not a minute longer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pratique.errors import NotAllowed
from pratique.people import accounts, sessions
from pratique.people.passwords import set_password
from pratique.store.database import Database
from tests.databases import new_database

NOW = datetime(2026, 11, 2, tzinfo=UTC)
RIGHT = "blue tram over seven hills"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """A database with one account that has a password."""
    found = new_database(tmp_path / "pratique.db")
    with found.begin() as connection:
        accounts.add(connection, "ana", ["operator"], NOW)
        set_password(connection, "ana", RIGHT, NOW)
    return found


def after(**time: int) -> datetime:
    """Return a moment later."""
    return NOW + timedelta(**time)


def test_a_session_knows_its_account_and_its_roles_of_now(database: Database) -> None:
    """A role that is taken away is gone with the next request."""
    session, token = sessions.log_in(database, "ana", RIGHT, NOW)
    assert session.account.roles == ("operator",)
    with database.begin() as connection:
        accounts.set_roles(connection, "ana", ["viewer"])
    found = sessions.resume(database, token, after(minutes=5))
    assert found is not None and found.account.roles == ("viewer",)
    with pytest.raises(NotAllowed, match="`ana` is no operator"):
        accounts.require(found.account, "operator")


def test_the_token_is_not_in_the_database(database: Database) -> None:
    """Whoever reads a backup must not be able to sit down at the console."""
    _, token = sessions.log_in(database, "ana", RIGHT, NOW)
    with database.connect() as connection:
        rows = connection.execute(text("SELECT * FROM console_sessions")).all()
    assert len(rows) == 1 and token not in str(rows)


def test_a_session_ends_idle_and_at_the_latest_after_twelve_hours(database: Database) -> None:
    """However busy it is."""
    _, token = sessions.log_in(database, "ana", RIGHT, NOW)
    assert sessions.resume(database, token, after(minutes=30)) is None
    _, token = sessions.log_in(database, "ana", RIGHT, NOW)
    for minutes in range(20, 12 * 60, 20):
        assert sessions.resume(database, token, after(minutes=minutes)), minutes
    assert sessions.resume(database, token, after(hours=12)) is None


def test_logout_ends_one_session_and_disabling_ends_all(database: Database) -> None:
    """A second window is another session."""
    tokens = [sessions.log_in(database, "ana", RIGHT, NOW)[1] for _ in range(3)]
    with database.begin() as connection:
        sessions.log_out(connection, tokens[0])
    assert [sessions.resume(database, one, NOW) is None for one in tokens] == [True, False, False]
    with database.begin() as connection:
        accounts.disable(connection, "ana", NOW)
    assert all(sessions.resume(database, one, NOW) is None for one in tokens)
    with database.begin() as connection:
        assert sessions.end_sessions(connection, "ana") == 2


@pytest.mark.parametrize("token", ["", "x", "\ud800", "'; DROP TABLE console_sessions --"])
def test_a_made_up_token_opens_nothing(database: Database, token: str) -> None:
    """Whatever it holds."""
    sessions.log_in(database, "ana", RIGHT, NOW)
    assert sessions.resume(database, token, NOW) is None


def test_a_form_belongs_to_its_session(database: Database) -> None:
    """The form of another session of the same person does not count either."""
    one, token = sessions.log_in(database, "ana", RIGHT, NOW)
    other, _ = sessions.log_in(database, "ana", RIGHT, NOW)
    found = sessions.resume(database, token, NOW)
    assert found is not None and found.csrf == one.csrf
    sessions.require_csrf(found, one.csrf)
    for wrong in (other.csrf, "", token, "签\ud800"):
        with pytest.raises(NotAllowed, match="not of your session"):
            sessions.require_csrf(found, wrong)


def test_sessions_that_ended_are_removed(database: Database) -> None:
    """By the next login."""
    for days in range(3):
        sessions.log_in(database, "ana", RIGHT, after(days=days))
    with database.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM console_sessions")) == 1
