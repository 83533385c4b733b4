"""Refusing well: help before walls, no guessed numbers, and suspensions that end and are forgotten."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from pratique.errors import NotFound
from pratique.partners.safeguards.contract import Category
from pratique.privacy import Secret
from pratique.regimes.regime import load_regime
from pratique.screening import refusing
from pratique.screening.refusing import counts_as_unlawful, stock_answer, suspended_answer
from pratique.screening.suspensions import (
    PAUSE,
    PERIOD,
    Record,
    Suspensions,
    after,
    forget,
    is_suspended,
)
from tests.databases import new_database

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
REGIME = load_regime("cn-cac")
EAST = timedelta(hours=8)


def test_categories_are_those_that_judges_name() -> None:
    """Whatever a judge says, there is a rule for it; codes are the regime's own."""
    assert set(refusing.categories()) == set(get_args(Category))
    codes = {risk.code for risk in REGIME.risks.items}
    named = {c for one in refusing.categories().values() for c in one.regime.get("cn-cac", ())}
    assert named <= codes


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_every_locale_has_an_answer_to_everything(locale: str) -> None:
    """No locale falls back to another, and no answer holds a number nobody is sure of."""
    for category in refusing.categories():
        found = stock_answer(locale, [category])
        assert found.text
        assert "{" not in found.text
        assert not re.search("[0-9]", found.text)
    assert suspended_answer(locale).text


def test_a_locale_without_answers_is_an_error() -> None:
    """English never stands in for a language that is missing."""
    with pytest.raises(NotFound, match="no stock answers for locale `fr`"):
        stock_answer("fr", [])


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_self_harm_gets_help_whatever_else_is_said(locale: str) -> None:
    """Help comes first, with the operator's contact and never with an invented one."""
    found = stock_answer(locale, ["violence", "self_harm"], contact="灯塔 Lighthouse")
    assert (found.help, found.category) == (True, "self_harm")
    assert "灯塔 Lighthouse" in found.text
    assert "灯塔" not in stock_answer(locale, ["self_harm"]).text


def test_what_is_hard_is_answered_before_what_is_not() -> None:
    """Of several the graver decides the words."""
    assert stock_answer("en", ["abuse", "violence"]).category == "violence"
    assert stock_answer("en", ["elections"]).category == ""


def test_only_clearly_unlawful_input_counts() -> None:
    """Neither somebody in need nor what is merely controversial is held against a user."""
    assert counts_as_unlawful(["fraud"], "unsafe")
    assert not counts_as_unlawful(["fraud"], "controversial")
    assert not counts_as_unlawful(["political"], "unsafe")
    assert not counts_as_unlawful(["self_harm", "drugs"], "unsafe")
    assert not counts_as_unlawful([], "unsafe")


def played(inputs: str, start: Record | None = None) -> list[bool]:
    """Return whether somebody is suspended after each of *inputs*: `x` is unlawful, a minute apart."""
    record, found = start or Record(), []
    for minute, each in enumerate(inputs):
        now = NOW + timedelta(minutes=minute)
        record = after(record, REGIME.abuse, now, unlawful=each == "x", offset=EAST, pause=PAUSE)
        found.append(is_suspended(record, now))
    return found


def test_three_in_a_row_suspend() -> None:
    """The regime's first number; a lawful input between starts the row anew."""
    assert played("xxx") == [False, False, True]
    assert not any(played("xxoxxo"[:5]))


def test_five_in_a_day_suspend() -> None:
    """The regime's second number, whatever came between."""
    assert played("xxoxxox") == [False] * 6 + [True]


def test_a_new_day_of_the_market_counts_anew() -> None:
    """Midnight is the market's, not that of UTC."""
    evening = datetime(2026, 11, 2, 15, 59, tzinfo=UTC)
    record = Record(of_day=4, day="2026-11-02")
    for now, suspended in ((evening, True), (evening + timedelta(minutes=1), False)):
        found = after(record, REGIME.abuse, now, unlawful=True, offset=EAST, pause=PAUSE)
        assert is_suspended(found, now) == suspended


@given(st.text(alphabet="xo", max_size=30))
def test_nobody_is_suspended_without_reason(inputs: str) -> None:
    """A suspension needs three in a row or five in all, and lasts its time."""
    found = played(inputs)
    assert any(found) == ("xxx" in inputs or inputs.count("x") >= 5)
    assert found == sorted(found)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A connection that writes, to a new database."""
    database = new_database(tmp_path / "pratique.db")
    with database.begin() as opened:
        yield opened
    database.close()


def suspensions(key: str = "k") -> Suspensions:
    """Return the suspensions of a market."""
    return Suspensions(Secret(key), "CN", REGIME.abuse)


def dump(connection: Connection) -> str:
    """Return all that is remembered."""
    return repr(connection.execute(text("SELECT * FROM screening_offences")).fetchall())


def test_a_suspension_ends_and_nothing_is_left(connection: Connection) -> None:
    """After its time the user may ask again, and the record is deleted."""
    found = suspensions()
    noted = [found.note(connection, "ada", NOW, unlawful=True) for _ in range(3)]
    assert noted == [False, False, True]
    assert found.is_suspended(connection, "ada", NOW + PAUSE - timedelta(seconds=1))
    assert not found.is_suspended(connection, "bob", NOW)
    assert not found.is_suspended(connection, "ada", NOW + PAUSE)
    assert "ada" not in dump(connection)
    assert forget(connection, NOW + PAUSE + timedelta(days=1)) == 1
    assert dump(connection) == "[]"


def test_a_suspension_holds_across_a_change_of_pseudonym(connection: Connection) -> None:
    """The pseudonym rotates; who was suspended a minute before still is, and only once on file."""
    found = suspensions()
    seconds = PERIOD.total_seconds()
    turn = datetime.fromtimestamp((NOW.timestamp() // seconds + 1) * seconds, UTC)
    before, later = turn - timedelta(minutes=1), turn + timedelta(minutes=1)
    assert found.pseudonym("ada", before) != found.pseudonym("ada", later)
    for _ in range(3):
        found.note(connection, "ada", before, unlawful=True)
    assert found.is_suspended(connection, "ada", later)
    found.note(connection, "ada", later, unlawful=True)
    assert dump(connection).count("(") == 1


def test_nothing_is_written_of_who_did_nothing(connection: Connection) -> None:
    """An ordinary user leaves no trace; a pseudonym is not to be made without the key."""
    found = suspensions()
    assert not found.note(connection, "ada", NOW, unlawful=False)
    assert dump(connection) == "[]"
    assert found.pseudonym("ada", NOW) != suspensions("other").pseudonym("ada", NOW)
    assert found.pseudonym("ada", NOW) != found.pseudonym("bob", NOW)
