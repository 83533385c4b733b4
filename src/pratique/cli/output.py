"""What the command line prints: data to stdout, all else to stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

P = ParamSpec("P")
T = TypeVar("T")


def emit(as_json: bool, document: object, lines: Iterable[str] = ()) -> None:
    """Print *document* as one JSON document, or *lines* for people."""
    if as_json:
        import msgspec

        plain = msgspec.to_builtins(document, str_keys=True)
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        for line in lines:
            click.echo(line)


def say(message: str) -> None:
    """Tell the person in front of the screen something that is no data."""
    click.echo(message, err=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return an aligned table; Chinese characters count as two columns wide."""
    from rich.cells import cell_len

    body = [list(row) for row in rows]
    widths = [max(cell_len(row[n]) for row in [list(columns), *body]) for n in range(len(columns))]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)
        )
        return "  ".join(padded).rstrip()

    return [line(columns), line(["─" * width for width in widths]), *map(line, body)]


def as_json(command: Callable[P, T]) -> Callable[P, T]:
    """Give *command* the option `--json`."""
    return click.option("--json", "json_", is_flag=True, help="Print one JSON document.")(command)


def in_workspace(command: Callable[P, T]) -> Callable[P, T]:
    """Give *command* the option `--workspace`."""
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        default=None,
        help="Folder of the workspace; else the nearest `pratique.toml` upward.",
    )(command)


def command(words: str, market: str) -> str:
    """Return `pratique` *words* as somebody would type it for *market*."""
    other = "" if market in ("", "CN") else f" --market {market}"
    return f"`pratique {words}{other}`"


def for_market(command: Callable[P, T]) -> Callable[P, T]:
    """Give *command* the option `--market`."""
    return click.option("--market", default="CN", show_default=True, help="Market.")(command)


def guarded(command: Callable[[], T]) -> T:
    """Run *command*; tell our errors in two sentences, without a traceback, and exit with 1."""
    from pratique.errors import PratiqueError

    @wraps(command)
    def run() -> T:
        try:
            return command()
        except PratiqueError as error:
            say(f"error: {error.message if error.args == (error.message,) else error}")
            if error.hint:
                say(f"\nhint: {error.hint}")
            sys.exit(1)

    return run()
