"""lm-evaluation-harness logs: `samples_TASK_TIME.jsonl`, as `--log_samples` writes them."""

import re
from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.imports.reading import (
    Json,
    document,
    mapping,
    name_of,
    number,
    objects,
    read_bytes,
    sequence,
)
from pratique.evals.imports.records import Imported, Log, require_once
from pratique.store.canonical import digest

_NAME = re.compile(r"samples_(?P<task>.+)_(?P<time>\d{4}-\d\d-\d\dT[\d.:-]+)\.jsonl")


def read_lm_eval(path: Path, metric: str = "") -> Log:
    """Return the log in *path*.

    *metric* is written as the harness does, `exact_match` or `exact_match,strict-match` with its
    filter. The model and the version stand in `results_TIME.json` beside the file.

    Raises:
        NotFound, Malformed, Unavailable: it is absent or broken, or its filters are several and
            none was named.
    """
    data = read_bytes(path)
    rows = list(objects(data, path))
    if not rows:
        raise Malformed("holds no sample", path=path, hint="run the harness with `--log_samples`")
    task, model, version = _about(path)
    score, _, wanted = (metric or _first_metric(rows[0][1], path)).partition(",")
    kept = _filtered(rows, wanted, path)
    log = digest(data)
    found = [
        (
            line,
            Imported(
                item=name_of(row.get("doc_id"), "doc_id", path, line),
                model=model,
                repeat=1,
                score=number(row.get(score), score, path, line),
                outcome="scored",
                tool="lm-eval",
                version=version,
                task=task,
                metric=score,
                log=log,
            ),
        )
        for line, row in kept
    ]
    return Log(
        digest=log,
        file=path.name,
        tool="lm-eval",
        version=version,
        task=task,
        metric=score,
        items=require_once(found, str(path)),
    )


def _about(path: Path) -> tuple[str, str, str]:
    """Return task, model and version of the run that wrote *path*."""
    matched = _NAME.fullmatch(path.name)
    if matched is None:
        return path.stem, path.parent.name or "model", ""
    beside = path.with_name(f"results_{matched['time']}.json")
    if not beside.is_file():
        return matched["task"], path.parent.name or "model", ""
    about = mapping(document(read_bytes(beside), beside), "results", beside)
    model = name_of(about.get("model_name"), "model_name", beside)
    return matched["task"], model, str(about.get("lm_eval_version") or "")


def _first_metric(row: Json, path: Path) -> str:
    metrics = sequence(row.get("metrics"), "metrics", path, 1)
    if not metrics:
        raise Malformed("names no metric", path=path, line=1, hint="name one with `--metric`")
    return name_of(metrics[0], "metrics", path, 1)


def _filtered(rows: list[tuple[int, Json]], wanted: str, path: Path) -> list[tuple[int, Json]]:
    """Return the rows of one filter: the harness writes each sample once for every filter."""
    filters = sorted({str(row.get("filter", "none")) for _, row in rows})
    if not wanted and len(filters) > 1:
        raise Malformed(
            f"has several filters: {', '.join(filters)}",
            path=path,
            hint=f"name one, such as `--metric exact_match,{filters[0]}`",
        )
    if wanted and wanted not in filters:
        raise Malformed(f"has no filter `{wanted}`", path=path, hint=f"it has {', '.join(filters)}")
    chosen = wanted or filters[0]
    return [(line, row) for line, row in rows if str(row.get("filter", "none")) == chosen]
