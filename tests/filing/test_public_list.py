"""A partner's own filing is checked against the regulator's list; what rests on a lapsed one is off."""

from datetime import date
from pathlib import Path

import pytest

from pratique.errors import Malformed, NotAllowed
from pratique.filing.clocks import clocks, require_on_time
from pratique.filing.file import file_selection
from pratique.filing.lapses import suspend_lapsed
from pratique.filing.public_list import latest_public_list, read_public_list
from pratique.settings.workspace import PartnerFiling
from pratique.workspace.opened import Opened
from tests.conftest import Clock
from tests.filing.test_approvals import FEATURE, LOCALE, approve, word
from tests.filing.test_filings import assessed

HEAD = "name,number,state\n"
STATED = PartnerFiling(name="Harbour", number="Beijing-Harbour-1")


@pytest.fixture
def approved(opened: Opened) -> str:
    """A filing with an approval in force until 2027-02-01."""
    return approve(opened)


def supply(opened: Opened, day: str, *lines: str) -> Path:
    """Put a copy of the list of *day* into the workspace."""
    folder = opened.workspace.folder / "public-lists"
    folder.mkdir(exist_ok=True)
    path = folder / f"CN-{day}.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def state_filing(opened: Opened, name: str = STATED.name, number: str = STATED.number) -> None:
    """State that the rules' partner filed its model."""
    path = opened.workspace.folder / "markets" / "CN.toml"
    path.write_text(
        path.read_text()
        + f'\n[partner_filings."embedded/rules"]\nname = "{name}"\nnumber = "{number}"\n'
    )


@pytest.mark.parametrize(
    ("line", "objection"),
    [
        ("Harbour,Beijing-Harbour-1,listed", ""),
        ("Harbour,Beijing-Harbour-2,listed", "is not in the list of 2026-11-01"),
        ("Anchor,Beijing-Harbour-1,listed", "belongs to `Anchor`"),
        ("Harbour,Beijing-Harbour-1,cancelled", "was cancelled by 2026-11-01"),
    ],
)
def test_name_number_and_state_must_all_match(opened: Opened, line: str, objection: str) -> None:
    """Each that does not is said in words."""
    supply(opened, "2026-11-01", line)
    known = latest_public_list(opened.workspace, "CN")
    assert known is not None
    found = known.objection(STATED)
    assert objection in found and bool(found) == bool(objection)


def test_the_newest_list_counts(opened: Opened) -> None:
    """By the day in its name."""
    supply(opened, "2026-09-01", "Harbour,Beijing-Harbour-1,listed")
    supply(opened, "2026-11-01", "Harbour,Beijing-Harbour-1,cancelled")
    known = latest_public_list(opened.workspace, "CN")
    assert known is not None and known.as_of == date(2026, 11, 1)
    assert "cancelled" in known.objection(STATED)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name,number\nA,1\n", "no column `state`"),
        (HEAD + "A,1,maybe\n", "needs a name, a number and the state"),
        (HEAD + "A,,listed\n", "needs a name, a number and the state"),
        (HEAD + "A,1,listed\nB,1,listed\n", "stands twice"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """With the line, so that nobody files on a guess."""
    path = tmp_path / "CN-2026-11-01.csv"
    path.write_text(text)
    with pytest.raises(Malformed, match=message):
        read_public_list(date(2026, 11, 1), path)


def test_a_stated_filing_that_does_not_hold_is_refused(opened: Opened) -> None:
    """Before anything is frozen; a draft says so instead."""
    state_filing(opened)
    supply(opened, "2026-11-01", "Harbour,Beijing-Harbour-1,cancelled")
    assessed(opened, {(FEATURE, LOCALE)})
    from pratique.assessment.choose import sign_off

    sign_off(opened, "CN")
    with pytest.raises(NotAllowed, match=r"partner's own filing does not hold.*cancelled"):
        file_selection(opened, "CN", draft=False)
    assert file_selection(opened, "CN", draft=True).state == "draft"


def test_a_lapsed_filing_suspends_what_rests_on_it(opened: Opened, approved: str) -> None:
    """Once; and the reason names the number."""
    state_filing(opened)
    assert suspend_lapsed(opened, "CN") == []
    supply(opened, "2026-11-01", "Harbour,Beijing-Harbour-1,listed")
    assert suspend_lapsed(opened, "CN") == [] and word(opened) == "yes"
    supply(opened, "2026-11-02", "Harbour,Beijing-Harbour-1,cancelled")
    (entered,) = suspend_lapsed(opened, "CN")
    assert "Beijing-Harbour-1` was cancelled" in entered.reason
    assert "suspended since" in word(opened)
    assert suspend_lapsed(opened, "CN") == []


def test_an_old_list_refuses_a_filing(opened: Opened, clock: Clock) -> None:
    """The regime's data say how old it may be; a market without partners' filings has no such clock."""
    require_on_time(opened, "CN", "file")
    state_filing(opened)
    with pytest.raises(NotAllowed, match="never done"):
        require_on_time(opened, "CN", "file")
    supply(opened, "2026-11-01", "Harbour,Beijing-Harbour-1,listed")
    require_on_time(opened, "CN", "file")
    clock.go_on(days=70)
    with pytest.raises(NotAllowed, match="OVERDUE, by 2027-01-02"):
        require_on_time(opened, "CN", "file")
    require_on_time(opened, "CN", "rollout")


def test_what_falls_due_is_shown(opened: Opened, clock: Clock, approved: str) -> None:
    """Weekly and monthly work that was never done, and an approval that ends soon."""
    found = {one.id: one for one in clocks(opened, "CN")}
    assert found["keywords"].overdue and found["questions"].overdue
    assert "approval.N-1" not in found
    clock.go_on(days=60)
    found = {one.id: one for one in clocks(opened, "CN")}
    assert found["approval.N-1"].due == date(2027, 2, 1) and not found["approval.N-1"].overdue
