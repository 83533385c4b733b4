"""OpenCompass logs: `results/MODEL/DATASET.json` with `details`, as `--dump-eval-details` writes them.

Two shapes are in use: an object whose keys are the samples' numbers (beside a `type`), and a list.
Each detail says whether it is `correct`, as yes or no or as a list of one.
"""

from collections.abc import Iterator
from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.imports.reading import (
    Json,
    document,
    mapping,
    number,
    read_bytes,
)
from pratique.evals.imports.records import Imported, Log, require_once
from pratique.store.canonical import digest


def read_opencompass(path: Path, metric: str = "") -> Log:
    """Return the log in *path*; *metric* is the field of a detail to take, `correct` unless said.

    Raises:
        NotFound, Malformed, Unavailable: it is absent, broken, or has no details.
    """
    data = read_bytes(path)
    whole = mapping(document(data, path), "log", path)
    log, model, chosen = digest(data), path.parent.name or "model", metric or "correct"
    found = [
        (
            place,
            Imported(
                item=item,
                model=model,
                repeat=1,
                score=_score(detail, chosen, path, place),
                outcome="scored",
                tool="opencompass",
                version="",
                task=path.stem,
                metric=chosen,
                log=log,
            ),
        )
        for place, (item, detail) in enumerate(_details(whole, path), 1)
    ]
    return Log(
        digest=log,
        file=path.name,
        tool="opencompass",
        version="",
        task=path.stem,
        metric=chosen,
        items=require_once(found, str(path)),
    )


def _details(whole: Json, path: Path) -> Iterator[tuple[str, Json]]:
    details = whole.get("details")
    if isinstance(details, list):
        named = [(str(n), one) for n, one in enumerate(details)]
    elif isinstance(details, dict):
        named = [(key, one) for key, one in details.items() if key != "type"]
    else:
        raise Malformed(
            "has no `details`", path=path, hint="run OpenCompass with `--dump-eval-details`"
        )
    for place, (item, one) in enumerate(named, 1):
        yield item, mapping(one, f"details.{item}", path, place)


def _score(detail: Json, metric: str, path: Path, place: int) -> float:
    value = detail.get(metric)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return number(value, metric, path, place)
