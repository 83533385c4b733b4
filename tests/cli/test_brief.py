"""`pratique brief` and `progress`: JSON for machines, tables for people, and an exit code."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from click.testing import CliRunner, Result

from pratique.assessment.brief_files import MARK
from pratique.cli.main import program
from pratique.errors import PratiqueError
from pratique.workspace.opened import Opened
from tests.assessment.coasting import MILESTONE, OURS, agree, assessed, course, prepare
from tests.conftest import Clock


def run(opened: Opened, *arguments: str) -> Result:
    """Run the program in the workspace."""
    place = ["--workspace", str(opened.workspace.folder)]
    return CliRunner().invoke(program, [*arguments, *place])


def document(found: Result) -> dict[str, object]:
    """Return what was printed."""
    read: dict[str, object] = json.loads(found.stdout)
    return read


def test_a_brief_is_written_and_told(opened: Opened) -> None:
    """Into the workspace; the document names each file."""
    prepare(opened, feature="priority")
    assessed(opened)
    found = run(opened, "brief", OURS, "--json")
    assert found.exit_code == 0, found.output
    files = document(found)["files"]
    assert isinstance(files, list) and all(Path(one).is_file() for one in files)
    folder = opened.workspace.folder / "briefs" / "CN" / OURS
    assert (folder / MARK).is_file() and (folder / "regression.py").is_file()


def test_people_see_gap_causes_and_cases(opened: Opened, tmp_path: Path) -> None:
    """And hear what they gave away."""
    prepare(opened, feature="priority")
    assessed(opened)
    found = run(opened, "brief", OURS, "--out", str(tmp_path / "out"), "--reveal", "2", "--ask")
    assert found.exit_code == 0, found.output
    assert "✗ falls short" in found.stdout and "target:urgent_missed" in found.stdout
    assert "2 sealed samples are in this brief" in found.stderr
    assert (tmp_path / "out" / MARK).is_file()


def test_an_unknown_partner_is_an_error(opened: Opened) -> None:
    """With a word on what to do."""
    prepare(opened)
    assessed(opened)
    for verb in ("brief", "progress"):
        found = run(opened, verb, "nobody")
        assert isinstance(found.exception, PratiqueError) and found.exception.hint


def test_progress_is_shown_with_its_verdict(opened: Opened, clock: Clock) -> None:
    """Below standard exits with 1: the date of the plan has passed."""
    prepare(opened)
    course(opened, clock, [0.5, 0.55, 0.6])
    agree(opened, MILESTONE.format(date="2026-11-20", bar=0.8, certainty=0.95))
    # The program reads the real clock, by which that day has passed or will have.
    found = run(opened, "progress", OURS, "--json", "--samples", "60")
    (line,) = progress_in(document(found))
    assert line["verdict"] in ("PROGRESS_BELOW_STANDARD", "UNDECIDED")
    assert found.exit_code == (1 if line["verdict"] == "PROGRESS_BELOW_STANDARD" else 0)
    series = line["series"]
    assert isinstance(series, dict) and series["releases"][-1]["samples"] == 60
    shown = run(opened, "progress", OURS)
    assert "spring: " in shown.stdout and "keystone" in shown.stdout


def progress_in(found: dict[str, object]) -> Sequence[dict[str, object]]:
    """Return the lines of progress in a document."""
    lines = found["progress"]
    assert isinstance(lines, list)
    return lines


def test_both_verbs_are_in_the_program() -> None:
    """With a help of their own."""
    for verb in ("brief", "progress"):
        assert isinstance(program.commands[verb], click.Command)
        assert CliRunner().invoke(program, [verb, "--help"]).exit_code == 0
