"""Errors that we can explain to the person in front of the screen."""

from collections.abc import Iterable
from pathlib import Path

MOST_NAMES = 24
"""Names that a hint lists at most."""


class PratiqueError(Exception):
    """A failure with a message that names the thing and a hint that says what to do next."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class NotAllowed(PratiqueError):
    """A rule of ours forbids this step."""


class NotFound(PratiqueError):
    """Something was named that does not exist."""


class Malformed(PratiqueError):
    """A file or a value does not have the shape it must have."""

    def __init__(
        self, message: str, *, hint: str = "", path: Path | None = None, line: int | None = None
    ) -> None:
        where = "" if path is None else f"{path}:{line}: " if line is not None else f"{path}: "
        super().__init__(where + message, hint=hint)
        self.path = path
        self.line = line


class Tampered(PratiqueError):
    """Something that was sealed is no longer what it was."""


class Unavailable(PratiqueError):
    """Something that is needed is not there now: a package, a port, space on the disk."""


def names_near(name: str, known: Iterable[str], command: str = "") -> str:
    """Return a hint for *name*, which is none of *known*: those like it, else what there is.

    command: what lists them all, where they are many.
    """
    from difflib import get_close_matches

    names = list(known)
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(f'`{one}`' for one in near)}?"
    if len(names) > MOST_NAMES and command:
        return f"`{command}` lists all {len(names)}"
    return f"known: {', '.join(names) or 'none'}"
