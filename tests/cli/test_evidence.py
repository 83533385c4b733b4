"""`pratique evidence`: in, shown as imported, and out again for a replay."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pratique.cli.evidence import evidence
from pratique.cli.main import program
from pratique.errors import NotAllowed, NotFound
from pratique.workspace.opened import Opened

LOGS = Path(__file__).parents[1] / "evals" / "logs"
WHERE = ["--market", "CN", "--feature", "summarize", "--locale", "en"]


def run(opened: Opened, *arguments: str) -> str:
    """Run a verb in the workspace and return what it printed."""
    verb, *rest = arguments
    found = CliRunner().invoke(
        evidence,
        [verb, *rest, "--workspace", str(opened.workspace.folder)],
        catch_exceptions=False,
        standalone_mode=False,
    )
    if found.exception:
        raise found.exception
    return found.stdout


def test_evidence_goes_in_is_shown_as_imported_and_comes_out(
    opened: Opened, tmp_path: Path
) -> None:
    """The log for a replay has every sample, failed ones as what they count."""
    run(opened, "import", str(LOGS / "ports-inspect.json"), *WHERE)
    (shown,) = json.loads(run(opened, "show", "--json"))["imported"]
    assert (shown["origin"], shown["tool"]) == ("imported", "inspect")
    assert shown["models"][0]["outcomes"] == {"failed": 1, "scored": 4}
    out = tmp_path / "log.csv"
    run(opened, "log", "--out", str(out))
    assert out.read_text().splitlines()[0] == "item,openai-api/mockp/mock"
    assert len(out.read_text().splitlines()) == 6


def test_all_files_are_taken_in_or_none(opened: Opened) -> None:
    """Half an import would be taken for the whole."""
    log = str(LOGS / "ports-inspect.json")
    with pytest.raises(NotAllowed, match="imported before"):
        run(opened, "import", log, log, *WHERE)
    assert json.loads(run(opened, "show", "--json"))["imported"] == []


def test_evidence_speaks_of_what_the_market_has(opened: Opened) -> None:
    """A slip of the pen is told at once."""
    with pytest.raises(NotFound, match="no feature `summarise`"):
        run(
            opened,
            "import",
            str(LOGS / "ports-inspect.json"),
            "--market",
            "CN",
            "--feature",
            "summarise",
            "--locale",
            "en",
        )


def test_a_run_that_is_not_there_is_named(opened: Opened, tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(NotFound, match="no run `run-none`"):
        run(opened, "export", "run-none", "--as", "junit", "--out", str(tmp_path / "x.xml"))


def test_the_verb_is_part_of_the_program() -> None:
    """It is registered under its name."""
    assert "evidence" in program.commands
