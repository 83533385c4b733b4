"""Failures of the database, told as errors that a person can act on."""

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from pratique.errors import Malformed, PratiqueError, Unavailable


def explain(error: DBAPIError | NoConnection, name: str) -> PratiqueError | None:
    """Return what happened to the database *name*, or None if the statement itself was wrong.

    The database's own words are left out: they may quote the statement or a stored value.
    """
    if isinstance(error, NoConnection):
        return Unavailable(
            f"all connections to `{name}` are in use", hint="try again, or run more replicas"
        )
    if isinstance(error.orig, sqlite3.Error):
        return _explain_sqlite(error.orig, name)
    if error.connection_invalidated or error.statement is None:
        return Unavailable(
            f"the database `{name}` does not answer",
            hint="check that it runs and that this machine may reach it",
        )
    return _explain_postgres(getattr(error.orig, "sqlstate", None), name)


def _explain_postgres(state: str | None, name: str) -> PratiqueError | None:
    """Return what the SQLSTATE of PostgreSQL's error means (its manual, appendix A)."""
    match state:
        case "55P03" | "40P01" | "40001":
            return Unavailable(
                f"the database `{name}` is locked by another process",
                hint="wait for the other command to finish and try again",
            )
        case "53100":
            return Unavailable(
                f"there is no space left for the database `{name}`",
                hint="free some space and try again; nothing of this step was stored",
            )
        case "53300":
            return Unavailable(
                f"all connections to `{name}` are in use", hint="try again, or run fewer replicas"
            )
        case "25006" | "42501":
            return Unavailable(
                f"the database `{name}` cannot be written to",
                hint="check the account's rights, and that this is not a read-only copy",
            )
        case "XX001" | "XX002":
            return Malformed(
                f"the database `{name}` is damaged", hint="restore it from the last good backup"
            )
    return None


def _explain_sqlite(error: sqlite3.Error, name: str) -> PratiqueError | None:
    """Return what *error* means by its result code, such as `SQLITE_BUSY_SNAPSHOT`."""
    code = getattr(error, "sqlite_errorname", "")
    if not code and isinstance(error, sqlite3.OperationalError):
        # Without a code it comes from the driver: stored text is not UTF-8.
        code = "SQLITE_CORRUPT"
    match code.split("_")[1:2]:
        case ["NOTADB"]:
            return Malformed(
                f"`{name}` is not a database", hint="check the path; the file was left as it is"
            )
        case ["CORRUPT"]:
            return Malformed(
                f"the database `{name}` is damaged", hint="restore it from the last good backup"
            )
        case ["FULL"]:
            return Unavailable(
                f"there is no space left for the database `{name}`",
                hint="free some space and try again; nothing of this step was stored",
            )
        case ["BUSY" | "LOCKED"]:
            return Unavailable(
                f"the database `{name}` is locked by another process",
                hint="wait for the other command to finish and try again",
            )
        case ["READONLY" | "PERM" | "AUTH"]:
            return Unavailable(
                f"the database `{name}` cannot be written to",
                hint="check who owns the file and its folder, and their permissions",
            )
        case ["CANTOPEN" | "IOERR" | "NOLFS"]:
            return Unavailable(
                f"the database `{name}` cannot be opened or read ({code})",
                hint="check that its folder exists, may be entered, and that the disk is well",
            )
    return None
