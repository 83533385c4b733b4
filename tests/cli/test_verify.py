"""`pratique verify`: what was made again, for people and machines."""

import json

from click.testing import CliRunner

from pratique.cli.main import program
from pratique.workspace.opened import Opened
from tests.assessment.coasting import MILESTONE, OURS, agree, course, prepare
from tests.conftest import Clock


def run(opened: Opened, *arguments: str) -> str:
    """Run the program in the workspace; return what it printed."""
    place = ["--workspace", str(opened.workspace.folder)]
    found = CliRunner().invoke(program, [*arguments, *place])
    assert found.exit_code in (0, 1), found.output
    return found.stdout


def test_figures_are_printed_where_they_are_asked_for(opened: Opened, clock: Clock) -> None:
    """As a table, or in the document; a run of `progress` names the record of what it said."""
    prepare(opened)
    agree(opened, MILESTONE.format(date="2027-01-18", bar=0.8, certainty=0.95))
    course(opened, clock, [0.55, 0.56, 0.57], samples=40)
    told = json.loads(run(opened, "progress", OURS, "--json"))
    shown = run(opened, "verify", "--figures")
    assert told["records"][0] in shown
    assert "planned day, high" in shown
    assert "1 forecasts" in shown
    assert json.loads(run(opened, "verify", "--json"))["figures"] == []
    figures = json.loads(run(opened, "verify", "--figures", "--json"))["figures"]
    low = told["progress"][0]["outlook"]["per_week_low"]
    assert [one["value"] for one in figures if one["name"] == "change a week, low"] == [low]
