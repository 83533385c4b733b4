"""`pratique ledger`, and a workspace whose rehearsal takes place at another time."""

import json
from pathlib import Path

from click.testing import CliRunner

from pratique.cli.main import program


def run(*words: str) -> dict[str, object]:
    """Run a command that succeeds, and return its document."""
    done = CliRunner().invoke(program, [*words, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_decisions_are_listed_in_their_order(tmp_path: Path) -> None:
    """Whoever asks who decided what needs no other tool."""
    shop = str(tmp_path / "shop")
    run("init", shop, "--rehearsal", "--now", "2031-05-06")
    run("people", "add", "ana", "--role", "viewer", "--workspace", shop)
    every = run("ledger", "--workspace", shop)["entries"]
    assert isinstance(every, list)
    assert [one["seq"] for one in every] == list(range(1, len(every) + 1))
    assert every[0]["kind"] == "workspace.made"
    assert every[0]["at"].startswith("2031-05-06T09:00:")
    last = run("ledger", "--subject", "ana", "--workspace", shop)["entries"]
    assert isinstance(last, list)
    assert last == every[-1:]


def test_a_kind_that_never_was_is_an_empty_list(tmp_path: Path) -> None:
    """That is an answer, and no error."""
    shop = str(tmp_path / "shop")
    run("init", shop, "--rehearsal")
    assert run("ledger", "--kind", "release.halted", "--workspace", shop) == {"entries": []}


def test_what_counts_takes_place_now(tmp_path: Path) -> None:
    """A time of its own is for rehearsals."""
    words = ["init", str(tmp_path / "shop"), "--now", "2031-05-06"]
    done = CliRunner().invoke(program, words)
    assert done.exit_code == 2
    assert "--rehearsal only" in done.output
    assert not (tmp_path / "shop").exists()
