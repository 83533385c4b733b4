"""A rehearsal may take place at a time of its own; nothing else may."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pratique.errors import Malformed
from pratique.ledger.chain import entries
from pratique.settings.workspace import open_workspace
from pratique.workspace.init import init
from pratique.workspace.opened import Opened

LATER = datetime(2031, 5, 6, 9, tzinfo=UTC)


def test_a_rehearsal_begins_when_it_says(tmp_path: Path) -> None:
    """Every decision in it bears that time, the first one too."""
    opened = Opened(init(tmp_path / "shop", rehearsal=True, begins=LATER))
    try:
        assert LATER <= opened.clock() < LATER + timedelta(minutes=10)
        with opened.database.connect() as connection:
            first = next(iter(entries(connection)))
        assert first.at.startswith("2031-05-06T09:")
    finally:
        opened.close()


def test_time_goes_on_while_it_is_open(tmp_path: Path) -> None:
    """A service in a rehearsal does not stand still."""
    opened = Opened(init(tmp_path / "shop", rehearsal=True, begins=LATER))
    try:
        assert opened.clock() < opened.clock()
    finally:
        opened.close()


@pytest.mark.parametrize(
    "text",
    [
        "rehearsal = false\nnow = 2031-05-06T09:00:00Z",
        "rehearsal = true\nnow = 2031-05-06T09:00:00",
    ],
)
def test_what_counts_has_the_real_time(tmp_path: Path, text: str) -> None:
    """An approval must not be kept in force by a line of settings."""
    folder = init(tmp_path / "shop", rehearsal=True).folder
    path = folder / "pratique.toml"
    path.write_text(path.read_text().replace("rehearsal = true", text, 1))
    with pytest.raises(Malformed, match="a time of its own"):
        open_workspace(folder)
