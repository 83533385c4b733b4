"""The desk: where the story's people work, by the command line, in simulated time.

There is no other door: whatever the story does to the product, it does by a command that any
operator has, by a file that any operator writes, or by the HTTP API.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from pratique.errors import Unavailable
from pratique.rehearsal.simulator.clock import SimulatedClock

MARKET = "CN"

PUBLIC_LINE = re.compile(r"^now = .*$", re.MULTILINE)
"""The line of `pratique.toml` that says what time it is in a rehearsal."""


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """What a command came to."""

    words: tuple[str, ...]
    """The command, without the folder."""
    code: int
    """How it exited."""
    out: str
    """What it printed on stdout."""
    told: str
    """What it printed on stderr."""

    @property
    def document(self) -> Mapping[str, object]:
        """Its one JSON document.

        Raises:
            Unavailable: it printed none.
        """
        try:
            return msgspec.json.decode(self.out, type=dict[str, object])
        except msgspec.DecodeError:
            raise Unavailable(
                f"`pratique {' '.join(self.words)}` exited with {self.code} and printed no document",
                hint=self.told.strip()[-600:] or "run it by hand in the story's folder",
            ) from None


CommandLine = Callable[[Sequence[str], str], tuple[int, str, str]]
"""Runs `pratique` with words and a standard input; gives exit code, stdout and stderr."""


class Desk:
    """One workspace, worked on by the command line, a minute of simulated time a command."""

    def __init__(self, folder: Path, command_line: CommandLine, begins: date) -> None:
        self.folder = folder
        self._command_line = command_line
        self.clock = SimulatedClock(begins)
        """What time it is in the story; the workspace is told before each command."""
        self.commands: list[str] = []
        """Every command so far, as it would be typed."""

    @property
    def now(self) -> datetime:
        """What time it is in the story."""
        return self.clock.now

    @property
    def today(self) -> date:
        """What day it is in the story."""
        return self.clock.today

    def run(self, *words: str, stdin: str = "", looks: bool = False) -> Ran:
        """Run `pratique` with *words* in the workspace, asking for a JSON document.

        Whoever only *looks*, again and again until something is there, takes no time.
        """
        if not looks:
            self.clock.wait(minutes=1)
            self._set_clock()
            self.commands.append(f"{self.today} pratique {' '.join(words)}")
        given = [*words, "--workspace", str(self.folder), "--json"]
        code, out, told = self._command_line(given, stdin)
        return Ran(words=words, code=code, out=out, told=told)

    def must(self, *words: str, stdin: str = "") -> Mapping[str, object]:
        """Run a command that has to succeed, and return its document.

        Raises:
            Unavailable: it exited with anything but 0.
        """
        ran = self.run(*words, stdin=stdin)
        if ran.code != 0:
            raise Unavailable(
                f"`pratique {' '.join(words)}` exited with {ran.code}",
                hint=ran.told.strip()[-800:] or ran.out.strip()[-800:],
            )
        return ran.document

    def make(self) -> None:
        """Make the workspace with `pratique init`, for practice, on the story's first day.

        Raises:
            Unavailable: it could not be made.
        """
        words = ["init", str(self.folder), "--rehearsal", "--now", self.today.isoformat(), "--json"]
        self.commands.append(f"{self.today} pratique init --rehearsal --now {self.today}")
        code, _, told = self._command_line(words, "")
        if code != 0:
            raise Unavailable(f"the workspace `{self.folder}` was not made", hint=told.strip())

    def write(self, path: str, text: str) -> None:
        """Write a file of the workspace, as an operator does."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")

    def read(self, path: str) -> str:
        """Return a file of the workspace."""
        return (self.folder / path).read_text(encoding="utf-8")

    def _set_clock(self) -> None:
        path = self.folder / "pratique.toml"
        line = f"now = {self.now.isoformat()}"
        path.write_text(PUBLIC_LINE.sub(line, path.read_text(encoding="utf-8"), count=1), "utf-8")
