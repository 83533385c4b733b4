"""Passwords: slow to guess, counted when wrong, and silent about who exists."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from pratique.errors import Malformed, NotAllowed, NotFound
from pratique.people import accounts, passwords
from pratique.people.passwords import FREE_TRIES, check_password, set_password
from pratique.store.database import Database
from tests.databases import new_database

NOW = datetime(2026, 11, 2, tzinfo=UTC)
RIGHT = "café tram over seven hills"


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """A database with one account that has a password, and one that has none."""
    found = new_database(tmp_path / "pratique.db")
    with found.begin() as connection:
        accounts.add(connection, "ana", ["viewer"], NOW)
        accounts.add(connection, "bo", ["viewer"], NOW)
        set_password(connection, "ana", RIGHT, NOW)
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretch nothing: these tests are about counting."""
    monkeypatch.setattr(passwords, "stretched", lambda secret, salt: secret.encode() + salt)


def test_the_right_password_passes_however_its_accent_is_typed(database: Database) -> None:
    """One keyboard sends one code point, another sends two."""
    check_password(database, "ana", RIGHT, NOW)
    check_password(database, "ana", RIGHT.replace("é", "e\u0301"), NOW)


def test_what_is_stored_does_not_hold_the_password(database: Database) -> None:
    """The database is backed up and read by many."""
    with database.connect() as connection:
        row = connection.execute(text("SELECT * FROM passwords")).one()
    assert RIGHT not in str(tuple(row)) and len(row.salt) == 24


def test_a_wrong_name_and_a_wrong_password_are_told_in_the_same_words(database: Database) -> None:
    """Nobody learns from here who has an account, a password, or is disabled."""
    told = set()
    for name in ("ana", "bo", "nobody", "x" * 1000, "\ud800"):
        with pytest.raises(NotAllowed) as caught:
            check_password(database, name, "wrong all the way", NOW)
        told.add((caught.value.message, caught.value.hint))
    with database.begin() as connection:
        accounts.disable(connection, "ana", NOW)
    with pytest.raises(NotAllowed) as caught:
        check_password(database, "ana", RIGHT, NOW)
    told.add((caught.value.message, caught.value.hint))
    assert len(told) == 1


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["ana", "nobody"])
def test_wrong_tries_close_a_name_for_longer_and_longer(database: Database, name: str) -> None:
    """Also a name that does not exist: or waiting would tell which do."""
    with database.begin() as connection:
        set_password(connection, "ana", RIGHT, NOW)
    for _ in range(FREE_TRIES):
        with pytest.raises(NotAllowed, match="is wrong"):
            check_password(database, name, "wrong all the way", NOW)
    with pytest.raises(NotAllowed, match="closed until 2026-11-02T00:00:30"):
        check_password(database, name, RIGHT, NOW)
    later = NOW + timedelta(seconds=30)
    with pytest.raises(NotAllowed, match="is wrong"):
        check_password(database, name, "wrong again, and again", later)
    with pytest.raises(NotAllowed, match="closed until 2026-11-02T00:01:30"):
        check_password(database, name, RIGHT, later + timedelta(seconds=59))


@pytest.mark.usefixtures("quick")
def test_the_right_password_forgets_the_wrong_ones(database: Database) -> None:
    """Typing errors of last week are no attack of today."""
    with database.begin() as connection:
        set_password(connection, "ana", RIGHT, NOW)
    for _ in range(2):
        for _ in range(FREE_TRIES - 1):
            with pytest.raises(NotAllowed, match="is wrong"):
                check_password(database, "ana", "wrong all the way", NOW)
        check_password(database, "ana", RIGHT, NOW)


def test_tries_with_made_up_names_take_no_room_without_end(database: Database) -> None:
    """A stranger must not be able to fill the disk: 4,096 places for all names there are not."""
    from pratique.people.passwords import _bucket

    assert len({_bucket(f"name {n}") for n in range(50_000)}) == 4096


@pytest.mark.parametrize("password", ["short", "x" * 201, "ana ana ana ana"[:14]])
def test_a_bad_password_is_not_taken(database: Database, password: str) -> None:
    """Too short, too long, or the name itself."""
    with database.begin() as connection, pytest.raises(Malformed, match="password"):
        set_password(connection, "ana", password, NOW)


def test_a_password_needs_an_account(database: Database) -> None:
    """It belongs to somebody."""
    with database.begin() as connection, pytest.raises(NotFound, match="`eve`"):
        set_password(connection, "eve", RIGHT, NOW)
