"""Inspect logs: `.eval` (a zip file of JSON) and `.json`, as inspect-ai 0.3 writes them."""

from collections.abc import Iterator
from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.imports.archives import Archive
from pratique.evals.imports.reading import (
    Json,
    document,
    mapping,
    name_of,
    number,
    read_bytes,
    sequence,
)
from pratique.evals.imports.records import Imported, Log, require_once
from pratique.evals.outcomes import Outcome
from pratique.store.canonical import digest

_LETTERS = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
"""Inspect's grades: correct, partial, incorrect, no answer."""


def read_inspect(path: Path, metric: str = "") -> Log:
    """Return the log in *path*; *metric* is the scorer to take, the first one unless said otherwise.

    Raises:
        NotFound, Malformed, Unavailable: it is absent, broken, or packed so that it cannot be read.
    """
    data = read_bytes(path)
    header, samples = _parts(data, path)
    about = mapping(header.get("eval"), "eval", path)
    metric = metric or _first_scorer(about, path)
    packages = about.get("packages")
    version = str(packages.get("inspect_ai", "")) if isinstance(packages, dict) else ""
    task = name_of(about.get("task"), "eval.task", path)
    model, log = name_of(about.get("model"), "eval.model", path), digest(data)
    found: list[tuple[int, Imported]] = []
    for place, sample in enumerate(samples, 1):
        outcome, score = _scored(sample, metric, path, place)
        one = Imported(
            item=name_of(sample.get("id"), "id", path, place),
            model=model,
            repeat=int(number(sample.get("epoch", 1), "epoch", path, place)),
            score=score,
            outcome=outcome,
            tool="inspect",
            version=version,
            task=task,
            metric=metric,
            log=log,
        )
        found.append((place, one))
    _require_all(header, len(found), path)
    return Log(
        digest=log,
        file=path.name,
        tool="inspect",
        version=version,
        task=task,
        metric=metric,
        items=require_once(found, str(path)),
    )


def _parts(data: bytes, path: Path) -> tuple[Json, Iterator[Json]]:
    """Return what the log says of itself, and its samples."""
    if data[:2] != b"PK":
        whole = mapping(document(data, path), "log", path)
        samples = sequence(whole.get("samples"), "samples", path)
        return whole, (mapping(one, "sample", path, n) for n, one in enumerate(samples, 1))
    archive = Archive(data, path)
    header = mapping(document(archive.read("header.json"), path, "header.json"), "header", path)
    names = sorted(one for one in archive.names if one.startswith("samples/"))
    return header, (mapping(document(archive.read(one), path, one), one, path) for one in names)


def _first_scorer(about: Json, path: Path) -> str:
    scorers = about.get("scorers")
    if isinstance(scorers, list) and scorers:
        return name_of(mapping(scorers[0], "eval.scorers", path).get("name"), "scorer", path)
    raise Malformed("names no scorer", path=path, hint="name the score with `--metric`")


def _scored(sample: Json, metric: str, path: Path, place: int) -> tuple[Outcome, float]:
    """Return what became of a sample: an error of the tool is kept apart from a wrong answer."""
    if sample.get("error"):
        return "failed", 0.0
    if _filtered(sample):
        return "blocked", 0.0
    scores = sample.get("scores")
    if not isinstance(scores, dict) or not scores:
        # A sample that ran into a limit, or was never scored, gave nothing to go by.
        return "failed", 0.0
    if metric not in scores:
        raise Malformed(
            f"has no score `{metric}`, but {', '.join(sorted(scores))}",
            path=path,
            line=place,
            hint="name one with `--metric`",
        )
    value = mapping(scores[metric], metric, path, place).get("value")
    if isinstance(value, str) and value in _LETTERS:
        return "scored", _LETTERS[value]
    return "scored", number(value, metric, path, place)


def _filtered(sample: Json) -> bool:
    output = sample.get("output")
    choices = output.get("choices") if isinstance(output, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    return isinstance(first, dict) and first.get("stop_reason") == "content_filter"


def _require_all(header: Json, found: int, path: Path) -> None:
    """Refuse a log that holds fewer samples than its run had: the rest would leave the denominator."""
    results = header.get("results")
    total = results.get("total_samples") if isinstance(results, dict) else None
    if isinstance(total, int) and total != found:
        raise Malformed(
            f"holds {found} samples of a run of {total}",
            path=path,
            hint="import the log of a finished run; `inspect eval-retry` finishes one",
        )
