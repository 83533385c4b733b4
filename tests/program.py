"""The program as a person runs it, without the start of a process: most tests are not about that."""

import gc
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple
from unittest.mock import patch

from pratique.cli import main


class Done(NamedTuple):
    """What running it came to."""

    returncode: int
    """How it exited."""
    stdout: str
    """What it printed as data."""
    stderr: str
    """What it said."""


def pratique(
    *words: str, cwd: Path | None = None, variables: Mapping[str, str] = MappingProxyType({})
) -> Done:
    """Run the program with *words* in *cwd*, with more environment *variables*."""
    out, err = StringIO(), StringIO()
    with (
        patch.object(sys, "argv", ["pratique", *words]),
        patch.dict(os.environ, variables),
        chdir(cwd or Path.cwd()),
        _garbage_as_it_was(),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = _code()
    return Done(code, out.getvalue(), err.getvalue())


def _code() -> int:
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@contextmanager
def _garbage_as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
