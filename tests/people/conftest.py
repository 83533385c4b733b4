"""A database with people in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from tests.databases import new_database


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A transaction on a new database."""
    database = new_database(tmp_path / "pratique.db")
    with database.begin() as connection:
        yield connection
