"""Migrations make the schema that the rooms declare."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, Table, inspect

import pratique
from pratique.store.database import Database, revisions
from pratique.store.schema import metadata

PACKAGE = Path(str(pratique.__file__)).parent
MIGRATIONS = PACKAGE / "store" / "migrations"


def modules_with_tables() -> dict[str, list[str]]:
    """Return the modules that declare tables, by room: a new one is tested by being there."""
    rooms: dict[str, list[str]] = {}
    declares = "from pratique.store.schema import metadata"
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if MIGRATIONS not in path.parents and (declares in text or path.name == "schema.py"):
            parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
            rooms.setdefault(parts[1], []).append(".".join(parts))
    return rooms


ROOMS = modules_with_tables()


def tables_of(room: str) -> list[Table]:
    """Return the tables that a room declares."""
    modules = [importlib.import_module(name) for name in ROOMS[room]]
    found = [value for module in modules for value in vars(module).values()]
    return [value for value in found if isinstance(value, Table)]


@contextmanager
def migrated(folder: Path) -> Iterator[Connection]:
    """Yield a connection to a new database that only migrations have touched."""
    database = Database.open(folder / "pratique.db")
    database.migrate()
    with database.connect() as connection:
        yield connection


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_finds_the_tables_it_declares(room: str, tmp_path: Path) -> None:
    """A column, an index or a check that was added without a migration fails here."""
    tables = tables_of(room)
    names: set[str | None] = {table.name for table in tables}

    def is_ours(item: object, name: str | None, kind: str, *_: object) -> bool:
        table = getattr(item, "table", None)
        return (table.name if isinstance(table, Table) else name) in names

    with migrated(tmp_path) as connection:
        options = {"include_object": is_ours, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        for table in tables:
            found = inspect(connection).get_check_constraints(table.name)
            declared = [c for c in table.constraints if isinstance(c, CheckConstraint)]
            assert {c["name"] for c in found} == {c.name for c in declared}, table.name


def test_no_table_is_made_that_no_room_owns(tmp_path: Path) -> None:
    """Each table has one room that writes it."""
    owned = [table.name for room in ROOMS for table in tables_of(room)]
    with migrated(tmp_path) as connection:
        made = inspect(connection).get_table_names()
    assert sorted(made) == sorted([*owned, "alembic_version"])


def test_the_numbers_of_the_files_are_alembics_revisions() -> None:
    """The quick check of the schema reads file names only."""
    script = ScriptDirectory(str(MIGRATIONS))
    found = [revision.revision for revision in script.walk_revisions()]
    assert tuple(reversed(found)) == revisions()
    assert script.get_heads() == [revisions()[-1]]
