"""A database with people in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from pratique.store.database import Database


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A transaction on a new database."""
    database = Database.open(tmp_path / "pratique.db")
    database.migrate()
    with database.begin() as connection:
        yield connection
