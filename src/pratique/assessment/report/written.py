"""Writing the report: its form follows the file's suffix."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pratique.assessment.decisions import Assessment
from pratique.assessment.identity import Seen
from pratique.assessment.planning import Plan
from pratique.assessment.report.figures import reported
from pratique.assessment.report.markdown import markdown
from pratique.assessment.report.page import page
from pratique.assessment.report.whole import require_folder, write_whole
from pratique.assessment.selection import Selection
from pratique.errors import NotFound


def write_report(
    path: Path,
    planned: Plan,
    assessment: Assessment,
    selection: Selection | None = None,
    history: Sequence[Assessment] = (),
    signs: Sequence[Seen] = (),
) -> None:
    """Write the report of *assessment* to *path*, whole or not at all: `.html`, `.md` or `.json`.

    With a *selection* it says who serves and why the others do not; with a *history* of earlier
    assessments, oldest first, how each candidate has come along; with *signs*, who may have been
    swapped meanwhile.

    Raises:
        NotFound: there is no report of that suffix.
        Unavailable: it cannot be written.
    """
    found = reported(planned, assessment, datetime.now(UTC), selection, history, signs)
    match path.suffix.lower():
        case ".html" | ".htm":
            data = page(planned, found).encode()
        case ".md":
            data = markdown(found).encode()
        case ".json":
            data = msgspec.json.format(msgspec.json.encode(found), indent=1)
        case other:
            raise no_kind(path, other)
    write_whole(path, data, "--report")


def require_reportable(path: Path) -> None:
    """Refuse a *path* to which no report could be written, before anything is done for it.

    Raises:
        NotFound: there is no report of its kind.
        Unavailable: its folder is not there.
    """
    suffix = path.suffix.lower()
    if suffix not in (".html", ".htm", ".md", ".json"):
        raise no_kind(path, suffix)
    require_folder(path, "--report")


def no_kind(path: Path, suffix: str) -> NotFound:
    """Return the refusal of a report at *path*, whose *suffix* says no kind of it."""
    return NotFound(
        f"no report of kind `{suffix or path.name}`",
        hint="name a file that ends in .html, .md or .json",
    )
