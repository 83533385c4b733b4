"""Forecasts are made again from what is kept, and whatever was changed is named."""

import sqlite3
from contextlib import closing

import msgspec
import pytest

from pratique.assessment.forecasts import Forecasted, judge_progress, name_of
from pratique.assessment.trend import Progress
from pratique.ledger.chain import entries
from pratique.rollout.verify import verify
from pratique.store.canonical import canonical
from pratique.workspace.opened import Opened, database_path
from tests.assessment.coasting import MILESTONE, OURS, agree, course, prepare
from tests.conftest import Clock


@pytest.fixture
def slow(opened: Opened, clock: Clock) -> Progress:
    """A partner that stands still, of whom that was said."""
    prepare(opened)
    agree(opened, MILESTONE.format(date="2027-01-18", bar=0.8, certainty=0.95))
    course(opened, clock, [0.55, 0.56, 0.57, 0.57], samples=66)
    (found,) = judge_progress(opened, "CN", OURS)
    return found


def change(opened: Opened, statement: str, *values: object) -> None:
    """Change the store behind the product's back."""
    with closing(sqlite3.connect(database_path(opened.workspace), isolation_level=None)) as raw:
        assert raw.execute(statement, values).rowcount > 0


def faults(opened: Opened) -> str:
    """Return what `verify` finds wrong."""
    return "\n".join(verify(opened).faults)


def test_a_forecast_is_kept_once_and_every_figure_is_made_again(
    opened: Opened, slow: Progress
) -> None:
    """What is said again a day later is no news; each end of the forecast is among the figures."""
    judge_progress(opened, "CN", OURS)
    with opened.database.connect() as connection:
        assert len(list(entries(connection, kind="progress.judged"))) == 1
    found = verify(opened)
    assert (found.faults, found.forecasts) == ((), 1)
    made = {one.name: one.value for one in found.figures if one.record.startswith("forecast-")}
    assert slow.outlook
    assert slow.outlook.planned == (
        made["planned day"],
        made["planned day, low"],
        made["planned day, high"],
    )
    assert made["verdict"] == "PROGRESS_BELOW_STANDARD"


def test_a_changed_outcome_moves_the_release_and_the_forecast(
    opened: Opened, slow: Progress
) -> None:
    """Both are named, with what is given and what the outcomes give."""
    run = slow.series.releases[-1].finding.run_id
    change(opened, "UPDATE eval_outcomes SET met = 0 WHERE run_id = ? AND met = 1", run)
    told = faults(opened)
    assert "simulated-quoin/keystone, photo_query en: passed is given as" in told
    assert "planned day, high is given as" in told


def test_a_changed_forecast_is_named(opened: Opened, slow: Progress) -> None:
    """Whether its name was left as it was or made to fit."""
    assert slow.outlook
    with closing(sqlite3.connect(database_path(opened.workspace))) as raw:
        ((body,),) = raw.execute("SELECT body FROM forecasts").fetchall()
    said = msgspec.json.decode(body, type=Forecasted)
    outlook = msgspec.structs.replace(slow.outlook, planned=(0.9, 0.85, 0.95))
    progress = msgspec.structs.replace(said.progress, outlook=outlook, verdict="ON_COURSE")
    lied = canonical(msgspec.structs.replace(said, progress=progress))
    change(opened, "UPDATE forecasts SET body = ?", lied.decode())
    told = faults(opened)
    assert "its record was changed" in told
    assert "verdict is given as ON_COURSE, what is kept gives PROGRESS_BELOW_STANDARD" in told
    change(opened, "UPDATE forecasts SET id = ?", name_of(lied))
    assert "is in the ledger, and is not kept" in faults(opened)


def test_a_forecast_that_is_gone_is_named(opened: Opened, slow: Progress) -> None:
    """The ledger knows that it was said."""
    assert slow.verdict
    change(opened, "DELETE FROM forecasts")
    assert "is in the ledger, and is not kept" in faults(opened)
