"""Tickets: read strictly, and judged by the intervals of what they show."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.assessment.support.entering import enter_tickets
from pratique.assessment.support.objectives import Office, Severity, packaged, read_support
from pratique.assessment.support.response import fixers, is_odd, odd_hours, people_state, times
from pratique.assessment.support.tickets import COLUMNS, Ticket, read_tickets
from pratique.errors import Malformed, NotFound
from pratique.workspace.opened import Opened

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
INCIDENTS = read_support([packaged()]).incidents
HEADER = ",".join(COLUMNS)
SOUND = (
    "T-1,2026-10-05T10:00:00+08:00,2026-10-05T10:10:00+08:00,2026-10-05T12:00:00+08:00,1,Lin,Form"
)


def ticket(
    number: int,
    minutes: float | None,
    *,
    opened: datetime = NOW - timedelta(days=20),
    severity: str = "1",
    fixer: str = "a",
) -> Ticket:
    """Return a ticket that was taken up and mended after *minutes*; None leaves it open."""
    done = None if minutes is None else opened + timedelta(minutes=minutes)
    return Ticket(
        id=str(number),
        opened=opened,
        acknowledged=done,
        resolved=done,
        severity=severity,
        fixer=fixer,
        about="",
    )


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    """Return a file of tickets."""
    path = folder / "tickets.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_sound_file_is_read_alike_as_csv_and_as_json(tmp_path: Path) -> None:
    """With a comma in a cell, a mark at its beginning, and empty cells."""
    rows = [SOUND, 'T-2,2026-10-06T10:00:00+08:00,,,2,,"Slow, then gone"']
    path = written(tmp_path, *rows, header="\ufeff" + HEADER)
    found = read_tickets(path, ["1", "2"], NOW)
    assert [one.id for one in found] == ["T-1", "T-2"] and found[1].about == "Slow, then gone"
    assert found[1].acknowledged is None and found[0].fixer == "Lin"
    cells = [dict(zip(COLUMNS, rows[0].split(","), strict=True))]
    cells.append({**cells[0], "id": "T-2", "opened": "2026-10-06T10:00:00+08:00", "severity": "2"})
    cells[1] |= {"acknowledged": None, "resolved": None, "fixer": None, "about": "Slow, then gone"}  # type: ignore[dict-item]
    other = tmp_path / "tickets.json"
    other.write_text(json.dumps(cells), encoding="utf-8")
    assert read_tickets(other, ["1", "2"], NOW) == found


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("T-1,", ",", "id"),
        ("2026-10-05T10:00:00+08:00", "", "opened"),
        ("2026-10-05T10:00:00+08:00", "yesterday", "opened"),
        ("2026-10-05T10:00:00+08:00", "2026-10-05T10:00:00", "opened"),
        ("2026-10-05T10:10:00+08:00", "2026-10-05T09:10:00+08:00", "acknowledged"),
        ("2026-10-05T12:00:00+08:00", "2026-10-05T10:05:00+08:00", "resolved"),
        ("2026-10-05T12:00:00+08:00", "2027-10-05T10:05:00+08:00", "resolved"),
        (",1,Lin", ",urgent,Lin", "severity"),
    ],
)
def test_a_bad_row_is_named_with_line_and_column(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    """The third line, after one that is sound; no row is skipped."""
    path = written(
        tmp_path, SOUND, SOUND.replace("T-1", "T-2").replace(old.replace("T-1", "T-2"), new, 1)
    )
    with pytest.raises(Malformed, match=rf":3: column `{column}`"):
        read_tickets(path, ["1", "2"], NOW)


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        (HEADER.replace(",fixer", ""), "a,b", "`fixer` is missing"),
        (HEADER + ",team", SOUND + ",x", "`team` is unknown"),
        (HEADER + ",id", SOUND + ",x", "`id` stands twice"),
        (HEADER, SOUND + ",x", "8 cells, the header has 7"),
        (HEADER, SOUND + "\n" + SOUND, "`T-1` stands twice"),
        (HEADER, 'T-1,"open', "not CSV|cells"),
        (HEADER, "", "holds no ticket"),
    ],
)
def test_a_file_of_another_form_is_refused(
    tmp_path: Path, header: str, row: str, words: str
) -> None:
    """Whole: nothing of it is taken."""
    with pytest.raises(Malformed, match=words):
        read_tickets(written(tmp_path, row, header=header), ["1"], NOW)


def test_a_file_that_is_not_there_or_no_list_is_refused(tmp_path: Path) -> None:
    """Each with what to do."""
    with pytest.raises(NotFound):
        read_tickets(tmp_path / "none.csv", ["1"], NOW)
    broken = tmp_path / "tickets.json"
    broken.write_text('{"id": 1}', encoding="utf-8")
    with pytest.raises(Malformed, match="no list of tickets"):
        read_tickets(broken, ["1"], NOW)


SEVERITY = Severity(name="1", acknowledge_minutes=15, resolve_minutes=480)


@pytest.mark.parametrize(
    ("minutes", "state"),
    [
        ([5.0] * 10, "met"),
        ([60.0, 70.0] * 5, "missed"),
        ([5.0] * 7, "unknown"),
        ([1.0] * 9 + [140.0], "unknown"),
        ([5.0] * 9 + [None], "unknown"),
        ([60.0] * 9 + [None], "missed"),
        ([], "unknown"),
    ],
)
def test_a_mean_is_judged_by_its_interval(minutes: Sequence[float | None], state: str) -> None:
    """Too few tickets say nothing, and by an open one nothing is met."""
    tickets = [ticket(number, one) for number, one in enumerate(minutes)]
    found = times(tickets, SEVERITY, "acknowledge", 8, NOW, 0.05, 1)
    assert found.state == state and found.tickets == len(minutes)
    assert found == times(tickets, SEVERITY, "acknowledge", 8, NOW, 0.05, 1)


def test_an_open_ticket_that_is_younger_than_its_objective_is_too_early_to_tell() -> None:
    """It is told apart, and counts neither way."""
    young = ticket(99, None, opened=NOW - timedelta(minutes=5))
    tickets = [*(ticket(number, 5.0) for number in range(10)), young]
    found = times(tickets, SEVERITY, "acknowledge", 8, NOW, 0.05, 1)
    assert (found.tickets, found.too_early, found.state) == (10, 1, "met")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=40))
def test_intervals_hold_what_they_are_about(minutes: list[float]) -> None:
    """The mean and the median lie in theirs; six tickets give the median one."""
    tickets = [ticket(number, one) for number, one in enumerate(minutes)]
    found = times(tickets, SEVERITY, "resolve", 8, NOW, 0.05, 1)
    assert found.mean is not None and found.mean_low is not None and found.mean_high is not None
    assert found.mean_low - 1e-6 <= found.mean <= found.mean_high + 1e-6
    assert (found.median_low is None) == (len(minutes) < 6)
    if found.median_low is not None and found.median_high is not None and found.median is not None:
        assert found.median_low <= found.median + 1e-6 <= found.median_high + 2e-6


@pytest.mark.parametrize(
    ("moment", "odd"),
    [
        ("2026-10-09T09:00:00+08:00", False),
        ("2026-10-09T08:59:00+08:00", True),
        ("2026-10-09T18:00:00+08:00", True),
        ("2026-10-09T03:00:00+00:00", False),
        ("2026-10-11T11:00:00+08:00", True),
        ("2026-10-08T11:00:00+08:00", True),
        ("2026-10-10T11:00:00+08:00", False),
    ],
)
def test_odd_hours_are_those_of_the_partners_own_clock(moment: str, odd: bool) -> None:
    """Nights, days off and holidays, but not a Saturday that is worked instead."""
    office = Office(
        holidays=(datetime(2026, 10, 8, tzinfo=UTC).date(),),
        workdays=(datetime(2026, 10, 10, tzinfo=UTC).date(),),
    )
    assert is_odd(datetime.fromisoformat(moment), ZoneInfo("Asia/Shanghai"), office) is odd


@pytest.mark.parametrize(("late", "state"), [(0, "met"), (10, "unknown"), (30, "missed")])
def test_tickets_of_odd_hours_are_judged_apart(late: int, state: str) -> None:
    """A partner who is quick by day and asleep by night is seen."""
    night = datetime(2026, 10, 7, 19, 0, tzinfo=UTC)
    day = datetime(2026, 10, 7, 4, 0, tzinfo=UTC)
    nights = [ticket(n, 200.0 if n < late else 5.0, opened=night) for n in range(40)]
    days = [ticket(100 + n, 5.0, opened=day) for n in range(40)]
    found = odd_hours([*nights, *days], INCIDENTS, NOW, 0.05)
    assert (found.tickets, found.in_time, found.state) == (40, 40 - late, state)
    assert (found.office_tickets, found.office_in_time) == (40, 40)


def test_one_person_who_mends_nearly_all_is_a_bus_factor_of_one() -> None:
    """Three names, one who carries it."""
    people = ["Lin"] * 8 + ["lin", "Bo", "Cai"]
    found = fixers([ticket(n, 5.0, fixer=name) for n, name in enumerate(people)], INCIDENTS)
    assert (found.people, found.bus_factor, found.resolved) == (3, 1, 11)
    assert people_state(found.people, 3, found, 8) == "met"
    assert people_state(found.bus_factor, 2, found, 8) == "missed"


def test_fixers_that_nobody_names_are_unknown() -> None:
    """Who says nothing of them may have many."""
    found = fixers([ticket(n, 5.0, fixer="") for n in range(20)], INCIDENTS)
    assert found.people == found.bus_factor == 0 and found.unnamed == 20
    assert people_state(found.people, 3, found, 8) == "unknown"


def test_neither_people_nor_words_of_tickets_are_kept(opened: Opened, tmp_path: Path) -> None:
    """Only how many they are, under numbers."""
    found = enter_tickets(opened, "simulated-taffrail", written(tmp_path, SOUND))
    assert "1 people mended 1 tickets" in next(o for o in found.items if o.id == "fixers").measured
    data = b"".join(one.read_bytes() for one in opened.workspace.state.glob("pratique.db*"))
    assert b"person-1" in data and b"Lin" not in data and b"Form" not in data


def test_a_broken_file_leaves_what_was_kept_before(opened: Opened, tmp_path: Path) -> None:
    """Whole or not at all."""
    before = enter_tickets(opened, "simulated-taffrail", written(tmp_path, SOUND))
    with pytest.raises(Malformed):
        enter_tickets(opened, "simulated-taffrail", written(tmp_path, SOUND, "T-2"))
    after = enter_tickets(opened, "simulated-taffrail", written(tmp_path, SOUND))
    assert [one.state for one in after.items] == [one.state for one in before.items]
