"""Snapshots: bytes that are named by their hash, so that they cannot change unseen."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, insert, select

from pratique.errors import NotFound, Tampered
from pratique.store.canonical import digest
from pratique.store.schema import snapshots

_HINT = "stop using it, run `pratique verify` and restore the database from a backup"


def put(connection: Connection, data: bytes, kind: str) -> str:
    """Keep *data* and return its digest; keeping the same bytes twice stores them once.

    *kind* says what the bytes are (`variant`, `pack`) to a person who looks into the database.
    It is no part of the digest, and the first kind given stays.

    Raises:
        Tampered: bytes are stored under this digest already, and they are other bytes.
    """
    name = digest(data)
    found = _data(connection, name)
    if found is None:
        connection.execute(insert(snapshots).values(digest=name, kind=kind, data=data))
    elif found != data:
        raise _tampered(name)
    return name


def get(connection: Connection, name: str) -> bytes:
    """Return the bytes whose digest is *name*.

    Raises:
        NotFound: there are none.
        Tampered: the stored bytes no longer hash to *name*.
    """
    data = _data(connection, name)
    if data is None:
        raise NotFound(
            f"there is no snapshot `{name}`",
            hint="it may be in another workspace, or newer than the backup restored here",
        )
    if digest(data) != name:
        raise _tampered(name)
    return data


def unverified(connection: Connection, names: Collection[str]) -> Mapping[str, bytes]:
    """Return the bytes kept under *names*, with one query; whoever uses them holds each to its name."""
    query = select(snapshots.c.digest, snapshots.c.data).where(snapshots.c.digest.in_(names))
    return {name: _bytes(data) for name, data in connection.execute(query)}


def check_all(connection: Connection) -> list[str]:
    """Return the digests, sorted, whose stored bytes no longer match them."""
    names = connection.scalars(select(snapshots.c.digest).order_by(snapshots.c.digest)).all()
    # One at a time: a snapshot may be large, and all of them need not fit in memory.
    return [name for name in names if digest(_data(connection, name) or b"") != name]


def count(connection: Connection) -> int:
    """Return how many snapshots there are."""
    return connection.scalar(select(func.count()).select_from(snapshots)) or 0


def _data(connection: Connection, name: str) -> bytes | None:
    data = connection.scalar(select(snapshots.c.data).where(snapshots.c.digest == name))
    return None if data is None else _bytes(data)


def _bytes(data: bytes | str) -> bytes:
    """Return *data* as bytes: SQLite lets anyone who edits the file put text where they belong."""
    return data.encode() if isinstance(data, str) else data


def _tampered(name: str) -> Tampered:
    return Tampered(f"the snapshot `{name}` is no longer the bytes it was named for", hint=_HINT)
