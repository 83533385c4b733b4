"""Opening the workspace that a command works in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pratique.settings.workspace import Workspace
    from pratique.workspace.opened import Opened


def named_workspace(folder: Path | None) -> "Workspace":
    """Return the workspace in *folder*, or the nearest one upward."""
    from pratique.settings.workspace import find_workspace, open_workspace

    return open_workspace(folder.absolute()) if folder else find_workspace(Path.cwd())


@contextmanager
def opened_workspace(folder: Path | None, *, who: str | None = None) -> Iterator["Opened"]:
    """Open the workspace in *folder*, or the nearest one upward, and close it after use.

    *who* decides in it; the person at the keyboard, if None.
    """
    from pratique.workspace.opened import Opened

    opened = Opened(named_workspace(folder), who=who)
    try:
        yield opened
    finally:
        opened.close()


def own_content(workspace: Path | None, kind: str) -> list[Path]:
    """Return the workspace's folder of *kind*; none where there is no workspace."""
    from pratique.errors import NotFound

    try:
        return [named_workspace(workspace).folder / kind]
    except NotFound:
        if workspace is not None:
            raise
        return []
