"""The starter pack: our own words for risks where words are decent, none for the others."""

from importlib.resources import as_file, files

from pratique.screening.pack import Pack, pack_of, read_pack


def starter() -> Pack:
    """Return the packaged starter pack: every table of `content/screening/starter` in order."""
    folder = files("pratique") / "content/screening/starter"
    with as_file(folder) as path:
        tables = [read_pack(table) for table in sorted(path.glob("*.tsv"))]
    return pack_of(
        (entry for table in tables for entry in table.entries), id="starter", version="starter"
    )
