"""The watch as an operator runs it: from cron, or inside the service."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pratique.ledger.chain import entries
from pratique.rollout.watch.acts import WATCH
from pratique.rollout.watch.look import RETIRING
from pratique.rollout.watch.watcher import Watcher
from pratique.settings.workspace import open_workspace
from pratique.workspace.opened import Opened
from tests.program import pratique
from tests.rollout.watch.conftest import Starter
from tests.rollout.watch.test_watch import MEETS, noticed


def by_watch(opened: Opened) -> list[str]:
    """Return the kinds of decisions that the watch took."""
    with opened.database.connect() as connection:
        return [one.kind for one in entries(connection) if one.who == WATCH]


def test_a_service_looks_at_once_and_again(
    opened: Opened, start: Starter, until: Callable[[Callable[[], bool]], None]
) -> None:
    """In a thread of its own, which another thread ends."""
    start(*MEETS)
    noticed(opened, "2027-11-30")
    path = opened.workspace.folder / "pratique.toml"
    before = path.read_text()
    path.write_text(f"{before}\n[watch]\nhours = 1\n")
    watcher = Watcher(open_workspace(opened.workspace.folder), "CN")
    watcher.start()
    until(lambda: RETIRING in by_watch(opened))
    watcher.close()
    path.write_text(before)
    Watcher(open_workspace(opened.workspace.folder), "CN").start()
    assert by_watch(opened).count(RETIRING) == 1


def test_cron_learns_that_a_person_has_to_act(opened: Opened, start: Starter) -> None:
    """By exit 1; the document says why. The second look finds nothing new."""
    start(*MEETS)
    noticed(opened, f"{datetime.now(UTC).date() + timedelta(days=30)}")
    words = ["watch", "--once", "--json", "--workspace", str(opened.workspace.folder)]
    first = subprocess.run(
        [sys.executable, "-m", "pratique", *words],
        capture_output=True,
        timeout=120,
        env=os.environ | {"PYTHONPATH": str(Path("src").absolute())},
    )
    second = pratique(*words)
    assert (first.returncode, second.returncode) == (1, 1), first.stderr
    told, again = json.loads(first.stdout)["report"], json.loads(second.stdout)["report"]
    assert told["retiring"][0]["exposed"][0]["late"] and told["acts"] and not again["acts"]
