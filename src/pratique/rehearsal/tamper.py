"""Changing what must not be changed, to show that it is noticed; always put back."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def flipped_snapshot(database: Path, digest: str) -> Iterator[None]:
    """Change one bit in the middle of a snapshot, as somebody with the file could."""
    with closing(sqlite3.connect(database, isolation_level=None)) as raw:
        (data,) = raw.execute("SELECT data FROM snapshots WHERE digest = ?", (digest,)).fetchone()
        changed = bytearray(data)
        changed[len(changed) // 2] ^= 1
        _write(raw, digest, bytes(changed))
        try:
            yield
        finally:
            _write(raw, digest, data)


def _write(raw: sqlite3.Connection, digest: str, data: bytes) -> None:
    raw.execute("UPDATE snapshots SET data = ? WHERE digest = ?", (data, digest))
