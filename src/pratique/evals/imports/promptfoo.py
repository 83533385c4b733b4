"""promptfoo results: the JSON document that `promptfoo eval --output FILE.json` writes."""

from pathlib import Path

from pratique.errors import Malformed
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

_ERROR = 2
"""`failureReason` of a result that the tool could not get; 1 is an assertion that failed."""


def read_promptfoo(path: Path, metric: str = "") -> Log:
    """Return the results in *path*; *metric* is `success` or `score`, the first unless said.

    Raises:
        NotFound, Malformed, Unavailable: it is absent or broken.
    """
    data = read_bytes(path)
    whole = mapping(document(data, path), "document", path)
    inner = mapping(whole.get("results"), "results", path)
    rows = [
        mapping(one, "results.results", path, place)
        for place, one in enumerate(sequence(inner.get("results"), "results.results", path), 1)
    ]
    chosen = metric or "success"
    if chosen not in ("success", "score"):
        raise Malformed(
            f"has no score `{chosen}`", path=path, hint="name `success` or `score` with `--metric`"
        )
    several = len({row.get("promptIdx") for row in rows}) > len({_model(r, path) for r in rows})
    if several:
        raise Malformed(
            "has several prompts for one model", path=path, hint="`promptfoo eval --filter-prompts`"
        )
    about = whole.get("metadata")
    version = str(about.get("promptfooVersion") or "") if isinstance(about, dict) else ""
    log = digest(data)
    config = whole.get("config")
    described = config.get("description") if isinstance(config, dict) else None
    # The evaluation's own id is new at each run: it would keep two models of one set apart.
    task = str(described or path.stem)
    found = []
    for place, row in enumerate(rows, 1):
        outcome, score = _scored(row, chosen, path, place)
        one = Imported(
            item=name_of(row.get("testIdx"), "testIdx", path, place),
            model=_model(row, path),
            repeat=1,
            score=score,
            outcome=outcome,
            tool="promptfoo",
            version=version,
            task=task,
            metric=chosen,
            log=log,
        )
        found.append((place, one))
    return Log(
        digest=log,
        file=path.name,
        tool="promptfoo",
        version=version,
        task=task,
        metric=chosen,
        items=require_once(found, str(path)),
    )


def _model(row: Json, path: Path) -> str:
    provider = row.get("provider")
    if isinstance(provider, dict):
        return name_of(provider.get("label") or provider.get("id"), "provider.id", path)
    return name_of(provider, "provider", path)


def _scored(row: Json, metric: str, path: Path, place: int) -> tuple[Outcome, float]:
    """Return what became of a result: an error is kept apart, a refusal keeps what the tool gave."""
    if row.get("failureReason") == _ERROR:
        return "failed", 0.0
    response = row.get("response")
    refused = isinstance(response, dict) and response.get("isRefusal") is True
    return "refused" if refused else "scored", number(row.get(metric), metric, path, place)
