"""Verdicts on support are made again from what is kept, and whatever was changed is named."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pratique.assessment.support.capacity import Capacity
from pratique.assessment.support.entering import enter_attested, enter_probe
from pratique.rollout.verify import Verified, verify
from pratique.workspace.opened import Opened, database_path
from tests.assessment.test_support import TEXT, turning_away


@pytest.fixture
def judged(opened: Opened, tmp_path: Path) -> Capacity:
    """A model that turns requests away, with one attested item."""
    document = tmp_path / "roster.pdf"
    document.write_bytes(b"roster")
    enter_attested(opened, "simulated-taffrail", "staffing", "bo", document, "All is well.")
    return enter_probe(opened, turning_away())


def change(opened: Opened, old: str, new: str, kind: str) -> None:
    """Change records of *kind* behind the product's back."""
    with closing(sqlite3.connect(database_path(opened.workspace), isolation_level=None)) as raw:
        bodies = raw.execute("SELECT id, body FROM support_records WHERE kind = ?", (kind,))
        found = [(name, body) for name, body in bodies.fetchall() if old in body]
        assert found
        for name, body in found:
            made = (body.replace(old, new), name)
            raw.execute("UPDATE support_records SET body = ? WHERE id = ?", made)


def made(found: Verified, name: str) -> set[object]:
    """Return what the figure *name* came to."""
    return {one.value for one in found.figures if one.name == name}


def test_items_and_load_steps_are_made_again(opened: Opened, judged: Capacity) -> None:
    """Of every request that was kept; what objectives there are today does not matter."""
    own = opened.workspace.folder / "standards" / "support.toml"
    own.write_text(TEXT.replace("least_days = 90", "least_days = 60"), encoding="utf-8")
    (opened.workspace.folder / "partners" / "simulated-taffrail.toml").unlink(missing_ok=True)
    found = verify(opened)
    assert found.faults == () and found.capacities == 2
    assert judged.verdict in made(found, "verdict")
    assert "missed" in made(found, "step 10/s, state")


def test_a_changed_request_is_named_with_what_follows_from_it(
    opened: Opened, judged: Capacity
) -> None:
    """The probe by its name, and each item that is another by now."""
    change(opened, '"status":"rate_limited"', '"status":"ok"', "probe")
    told = "\n".join(verify(opened).faults)
    assert "`probe-" in told and "its record was changed" in told
    assert f"`{judged.id}`, simulated-taffrail/lookout: same_verdict, count is given as" in told


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("attested", '"on":"2026-11-02"', '"on":"2024-11-02"'),
        ("basis", '"sustained_rate":5', '"sustained_rate":1'),
        ("attested", "{", ""),
        ("verdict", "}", ""),
        ("verdict", '"state":"unknown"', '"state":"met"'),
    ],
)
def test_a_changed_record_is_named(
    opened: Opened, judged: Capacity, kind: str, old: str, new: str
) -> None:
    """Whatever a verdict rests on, and the verdict."""
    assert judged.verdict != "SUFFICIENT"
    change(opened, old, new, kind)
    told = "\n".join(verify(opened).faults)
    assert f"`{kind}-" in told and "its record was changed" in told


def test_a_record_that_is_gone_is_named(opened: Opened, judged: Capacity) -> None:
    """By the verdict that rests on it."""
    with closing(sqlite3.connect(database_path(opened.workspace), isolation_level=None)) as raw:
        raw.execute("DELETE FROM support_records WHERE kind = 'probe'")
    told = "\n".join(verify(opened).faults)
    assert f"`{judged.id}` rests on `probe-" in told
