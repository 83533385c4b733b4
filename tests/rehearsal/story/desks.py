"""A desk whose commands are noted and come to nothing: for what is written, not run."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pratique.rehearsal.story.cast import PARTNERS, partner_file
from pratique.rehearsal.story.desk import Desk


def silent_desk(folder: Path, noted: list[Sequence[str]] | None = None) -> Desk:
    """Return a desk in *folder* with the story's partners, on 1 March 2028."""
    notes = [] if noted is None else noted

    def note(words: Sequence[str], stdin: str) -> tuple[int, str, str]:
        notes.append(words)
        return 0, "{}", stdin

    desk = Desk(folder, note, date(2028, 3, 1))
    desk.write("pratique.toml", "rehearsal = true\nnow = 2027-01-04T09:00:00+00:00\n")
    for partner in PARTNERS:
        desk.write(f"partners/{partner}.toml", partner_file(partner, 3))
    return desk
