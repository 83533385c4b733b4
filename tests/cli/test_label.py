"""`pratique label`: as its user calls it, with and without a workspace."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pratique.cli.main import program
from tests.labels.certificates import write_credentials
from tests.labels.varied import KINDS, varied

CODE = "001191110102MAD55U9H0F10002"


def run(*arguments: str | Path) -> Result:
    """Run the command."""
    return CliRunner().invoke(program, ["label", *map(str, arguments)])


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a workspace."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_labelled_read_and_checked(alone: Path, kind: str) -> None:
    """Both labels where the kind has a place for them; the file itself stays as it was."""
    path, out = alone / f"a.{kind}", alone / f"out.{kind}"
    data = next(one for n in range(99) if len(one := varied(kind, n)) > 0)  # type: ignore[arg-type]
    path.write_bytes(data)
    where = {"md": "superscript", "txt": "end", "docx": "start", "json": "interface"}.get(
        kind, "none"
    )
    done = run("add", path, "--out", out, "--producer-code", CODE, "--visible", where, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert path.read_bytes() == data
    read = json.loads(run("read", out, "--json").stdout)
    assert [one["ProduceID"] for one in read["fields"]] == [told["content_id"]]
    checked = run("check", out, "--json")
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout)["visible"] == ("not_checked" if where == "none" else "shown")


def test_a_file_is_written_only_where_it_was_said(alone: Path) -> None:
    """In place only when asked, and never to nowhere."""
    (alone / "a.txt").write_text("words\n")
    for options in ([], ["--out", "b.txt", "--in-place"]):
        done = run("add", "a.txt", "--producer-code", CODE, *options)
        assert done.exit_code == 2 and "--in-place" in done.output
    assert (alone / "a.txt").read_text() == "words\n"
    assert run("add", "a.txt", "--producer-code", CODE, "--in-place").exit_code == 0
    assert "AIGC" in (alone / "a.txt").read_text()


def test_a_wrong_producer_code_is_a_fault(alone: Path) -> None:
    """One character of the credit code changed: the check digit sees it, when written or read."""
    wrong = CODE.replace("MAD5", "MAD6")
    (alone / "a.txt").write_text("本内容由AI生成\n")
    done = run("add", "a.txt", "--producer-code", wrong, "--in-place")
    assert done.exit_code == 1 and "check digit" in str(done.exception)
    assert run("add", "a.txt", "--producer-code", CODE, "--in-place").exit_code == 0
    text = (alone / "a.txt").read_text().replace(CODE, wrong)
    (alone / "a.txt").write_text(text)
    checked = run("check", "a.txt", "--json")
    assert checked.exit_code == 1
    assert "check digit" in json.loads(checked.stdout)["faults"][0]


def test_a_missing_label_reaches_the_shell_as_a_failure(alone: Path) -> None:
    """A script that exports files stops at it."""
    (alone / "a.txt").write_text("words\n")
    done = subprocess.run(
        [sys.executable, "-m", "pratique", "label", "check", "a.txt"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "carries no `AIGC` field" in done.stdout


def test_europe_wants_a_signed_manifest(alone: Path) -> None:
    """By the operator's key; without one the call is wrong."""
    keys = write_credentials(alone)
    (alone / "a.png").write_bytes(varied("png", 3))
    common = ["add", "a.png", "--regime", "eu-ai-act-50", "--out", "o.png"]
    assert run(*common).exit_code == 2
    done = run(*common, "--cert", keys.certificates, "--key", keys.key)
    assert done.exit_code == 0, done.output
    checked = json.loads(run("check", "o.png", "--regime", "eu-ai-act-50", "--json").stdout)
    assert checked["passed"] and checked["provenance"]["state"] == "Valid"
    assert run("check", "a.png", "--regime", "eu-ai-act-50").exit_code == 1


def test_a_request_without_a_visible_label_is_logged_before_the_file_is_written(
    alone: Path,
) -> None:
    """Who, when, under which agreement; without a workspace nothing is given."""
    (alone / "a.txt").write_text("words\n")
    (alone / "agreement.txt").write_text("agreed\n")
    options = ["--unlabelled-for", "u-1", "--agreement", "agreement.txt", "--out", "o.txt"]
    assert run("add", "a.txt", "--producer-code", CODE, *options).exit_code == 1
    assert not (alone / "o.txt").exists()
    assert CliRunner().invoke(program, ["init", "shop", "--rehearsal"]).exit_code == 0
    done = run("add", "a.txt", *options, "--workspace", "shop", "--json")
    assert done.exit_code == 0, done.output
    entries = json.loads(run("log", "--workspace", "shop", "--json").stdout)
    assert [(one["recipient"], one["content_id"]) for one in entries] == [
        ("u-1", json.loads(done.stdout)["content_id"])
    ]
    assert run("check", "o.txt", "--unlabelled").exit_code == 0
    assert run("check", "o.txt").exit_code == 1


def test_nothing_is_said_to_be_labelled_where_nothing_was_written(alone: Path) -> None:
    """Korea asks for no label that machines read, so only a visible one can be added."""
    (alone / "a.txt").write_text("words\n")
    done = run("add", "a.txt", "--regime", "kr-ai-basic", "--out", "o.txt")
    assert done.exit_code == 1 and "nothing to write" in str(done.exception)
    assert not (alone / "o.txt").exists()
