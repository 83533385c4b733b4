"""New databases: the schema is made once and copied, where it is not what a test is about."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pratique.store.database import Database


def new_database(path: Path) -> Database:
    """Return a migrated database in the file *path*."""
    path.write_bytes(_migrated())
    return Database.open(path)


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pratique.db"
        database = Database.open(path)
        database.migrate()
        database.close()
        return path.read_bytes()
