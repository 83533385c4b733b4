"""The desk: commands in simulated time."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from pratique.errors import Unavailable
from pratique.rehearsal.story.desk import Desk
from tests.rehearsal.story.desks import silent_desk


def test_each_command_takes_a_minute_and_the_workspace_knows(tmp_path: Path) -> None:
    """The ledger's order is that of the story."""
    desk = silent_desk(tmp_path)
    desk.clock.wait(until=date(2028, 7, 3))
    desk.run("status")
    desk.run("verify")
    assert "now = 2028-07-03T09:02:00+00:00" in desk.read("pratique.toml")


def test_looking_takes_no_time(tmp_path: Path) -> None:
    """Otherwise a slow machine would tell another story."""
    noted: list[Sequence[str]] = []
    desk = silent_desk(tmp_path, noted)
    before = desk.now
    desk.run("rollout", "status", looks=True)
    assert desk.now == before
    assert noted == [["rollout", "status", "--workspace", str(tmp_path), "--json"]]
    assert desk.commands == []


def test_a_command_that_has_to_succeed_says_why_it_did_not(tmp_path: Path) -> None:
    """The story ends there, with the command's own words."""
    desk = Desk(tmp_path, lambda *_: (1, "", "error: no\n"), date(2028, 1, 1))
    desk.write("pratique.toml", "now = 2027-01-04T09:00:00+00:00\n")
    with pytest.raises(Unavailable, match="exited with 1") as caught:
        desk.must("select")
    assert caught.value.hint == "error: no"
