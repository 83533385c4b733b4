"""Formats: which tool wrote a log, by what the log is."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.imports.evalscope import read_evalscope
from pratique.evals.imports.inspect import read_inspect
from pratique.evals.imports.lm_eval import read_lm_eval
from pratique.evals.imports.opencompass import read_opencompass
from pratique.evals.imports.promptfoo import read_promptfoo
from pratique.evals.imports.reading import document, objects, read_bytes
from pratique.evals.imports.records import Log, Tool

READERS: Mapping[Tool, Callable[[Path, str], Log]] = {
    "inspect": read_inspect,
    "lm-eval": read_lm_eval,
    "evalscope": read_evalscope,
    "opencompass": read_opencompass,
    "promptfoo": read_promptfoo,
}
"""What reads each tool's logs."""


def read_log(path: Path, metric: str = "") -> Log:
    """Return the log in *path*, whichever tool wrote it; *metric* is the score to take.

    Raises:
        NotFound, Malformed, Unavailable: it is absent, broken, or of a tool that is not known.
    """
    return READERS[tool_of(path)](path, metric)


def tool_of(path: Path) -> Tool:
    """Return which tool wrote *path*.

    Raises:
        NotFound, Malformed: it is absent, or nothing in it says so.
    """
    data = read_bytes(path)
    if data[:2] == b"PK":
        return "inspect"
    if path.suffix == ".jsonl":
        first = next((row for _, row in objects(data, path)), {})
        if "sample_score" in first:
            return "evalscope"
        if "doc_id" in first:
            return "lm-eval"
    else:
        whole = document(data, path)
        keys = whole.keys() if isinstance(whole, dict) else set()
        if {"eval", "samples"} <= keys:
            return "inspect"
        if "details" in keys:
            return "opencompass"
        if "results" in keys:
            return "promptfoo"
    raise Malformed(
        "is no log that can be read", path=path, hint=f"logs of {', '.join(READERS)} can"
    )
