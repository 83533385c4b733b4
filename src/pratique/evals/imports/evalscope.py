"""EvalScope logs: `reviews/MODEL/DATASET_SUBSET.jsonl`, as evalscope 1 writes them."""

from pathlib import Path

from pratique.errors import Malformed
from pratique.evals.imports.reading import Json, mapping, name_of, number, objects, read_bytes
from pratique.evals.imports.records import Imported, Log, require_once
from pratique.evals.outcomes import Outcome
from pratique.store.canonical import digest


def read_evalscope(path: Path, metric: str = "") -> Log:
    """Return the log in *path*; *metric* is the score to take, the tool's main one unless said.

    The model is the folder's name. The tool writes its version nowhere in a review.

    Raises:
        NotFound, Malformed, Unavailable: it is absent or broken.
    """
    data = read_bytes(path)
    rows = list(objects(data, path))
    if not rows:
        raise Malformed("holds no sample", path=path, hint="give the file under `reviews/`")
    chosen = metric or _main(rows[0][1], path, rows[0][0])
    log, model, found = digest(data), path.parent.name or "model", []
    for line, row in rows:
        sample = mapping(row.get("sample_score"), "sample_score", path, line)
        outcome, score = _scored(sample, chosen, path, line)
        repeat = number(sample.get("generation_index") or 0, "generation_index", path, line)
        # Repeats of one sample share a group; where there is none, the index names the sample.
        group = sample.get("group_id")
        item = name_of(row.get("index") if group is None else group, "index", path, line)
        one = Imported(
            item=item,
            model=model,
            repeat=1 + int(repeat),
            score=score,
            outcome=outcome,
            tool="evalscope",
            version="",
            task=path.stem,
            metric=chosen,
            log=log,
        )
        found.append((line, one))
    return Log(
        digest=log,
        file=path.name,
        tool="evalscope",
        version="",
        task=path.stem,
        metric=chosen,
        items=require_once(found, str(path)),
    )


def _main(row: Json, path: Path, line: int) -> str:
    sample = mapping(row.get("sample_score"), "sample_score", path, line)
    score = mapping(sample.get("score"), "score", path, line)
    named = score.get("main_score_name")
    if named:
        return name_of(named, "main_score_name", path, line)
    values = mapping(score.get("value"), "value", path, line)
    if not values:
        raise Malformed("has no score", path=path, line=line, hint="name one with `--metric`")
    return next(iter(values))


def _scored(sample: Json, metric: str, path: Path, line: int) -> tuple[Outcome, float]:
    score = mapping(sample.get("score"), "score", path, line)
    if score.get("status", "success") != "success":
        return "failed", 0.0
    values = mapping(score.get("value"), "value", path, line)
    return "scored", number(values.get(metric), metric, path, line)
