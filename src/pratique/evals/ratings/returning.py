"""Returning: a file that came back, read against its sheet and kept."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from pratique.errors import Malformed
from pratique.evals.ratings.batches import Batch, adjudication_sheet, sheet_for
from pratique.evals.ratings.reading import read_sheet
from pratique.evals.ratings.sheets import Sheet
from pratique.evals.ratings.standing import given_by
from pratique.evals.ratings.table import Rating, batch_called, keep_ratings, ratings_of
from pratique.store.canonical import digest


class Returned(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one file."""

    file: str
    """The file."""
    batch: str
    """Its batch."""
    rater: str
    """Whose sheet it is."""
    role: str
    """`rater`, or `decides`."""
    rows: int
    """Ratings in it."""
    new: int
    """Of these, ratings that were not kept before."""


def take_back(connection: Connection, path: Path, now: datetime) -> Returned:
    """Read the sheet at *path* and keep its ratings; all of them or none.

    Raises:
        NotFound: there is no such file, batch or rater.
        Malformed: the sheet is broken or altered; the error names row and column.
        NotAllowed: its rater gave other ratings before.
    """
    sheet, given = read_sheet(path, _finder(connection, path))
    name, rater, role = _parts(sheet.id, path)
    batch = batch_called(connection, name)
    file = digest(path.read_bytes())
    kept = [
        Rating(
            batch=name,
            item=batch.codes[one.code].id,
            rater=rater,
            role=role,
            value=one.value,
            note=one.note,
            file=file,
        )
        for one in given
    ]
    new = keep_ratings(connection, kept, now)
    return Returned(file=str(path), batch=name, rater=rater, role=role, rows=len(kept), new=new)


def _finder(connection: Connection, path: Path) -> Callable[[str], Sheet]:
    def find(sheet_id: str) -> Sheet:
        name, rater, role = _parts(sheet_id, path)
        batch = batch_called(connection, name)
        if role == "rater":
            return sheet_for(batch, rater)
        return _adjudicated(connection, batch, rater)

    return find


def _adjudicated(connection: Connection, batch: Batch, by: str) -> Sheet:
    return adjudication_sheet(batch, by, given_by(ratings_of(connection, batch.id)))


def _parts(sheet_id: str, path: Path) -> tuple[str, str, str]:
    """Return batch, person and role that a sheet's name tells."""
    match sheet_id.split("/"):
        case [batch, rater]:
            return batch, rater, "rater"
        case [batch, "decides", by]:
            return batch, by, "decides"
    raise Malformed(
        f"`{sheet_id[:60]}` is no name of a sheet",
        hint="give back the very file that was handed out",
        path=path,
    )
