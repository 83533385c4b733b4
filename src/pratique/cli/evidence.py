"""`pratique evidence`: results of other tools in, runs out in the forms that other tools read."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, for_market, in_workspace, table

if TYPE_CHECKING:
    from pratique.evals.exports.runs import KeptRun
    from pratique.evals.imports.evidence import Evidence
    from pratique.evals.suites import Sample
    from pratique.workspace.opened import Opened


@click.group()
def evidence() -> None:
    """Take in results of other tools, marked as imported, and hand out runs of our own."""


@evidence.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@in_workspace
@for_market
@click.option("--feature", required=True, help="Feature that they speak of.")
@click.option("--locale", required=True, help="Locale that they speak of.")
@click.option(
    "--metric",
    default="",
    help="Which of the tool's scores to take; else its main one. Such as `exact_match,none`.",
)
@as_json
def import_(
    files: tuple[Path, ...],
    workspace: Path | None,
    market: str,
    feature: str,
    locale: str,
    metric: str,
    json_: bool,
) -> None:
    """Read logs of Inspect, lm-evaluation-harness, EvalScope, OpenCompass or promptfoo.

    All of FILES are taken in, or none. They are evidence to look at and to replay; no finding
    ever rests on them.
    """
    from pratique.evals.imports.evidence import keep_evidence, taken_in
    from pratique.evals.imports.formats import read_log

    with opened_workspace(workspace) as opened:
        _require_offered(opened, market, feature, locale)
        found = [
            taken_in(
                read_log(path, metric),
                market=market,
                feature=feature,
                locale=locale,
                who=opened.who,
                now=opened.clock(),
            )
            for path in files
        ]
        with opened.database.begin() as connection:
            for one in found:
                keep_evidence(connection, one)
    emit(json_, {"imported": _documents(found)}, _table(found))


@evidence.command()
@in_workspace
@as_json
def show(workspace: Path | None, json_: bool) -> None:
    """Show what was imported: tool, log, model, samples, mean score, and what became of them.

    And of our own runs the signs that a model was swapped while it was measured, and how far
    judges and people agree.
    """
    from pratique.assessment.decisions import all_assessments
    from pratique.assessment.identity import signs_about
    from pratique.assessment.judging import Judging
    from pratique.assessment.summary import judging_lines
    from pratique.evals.imports.evidence import all_evidence

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        found = all_evidence(connection)
        ours = [one for made in all_assessments(connection) for one in made.findings]
        signs = signs_about(connection, ours)
    latest = {one.run_id: one for one in ours}
    judged = [one for one in latest.values() if isinstance(one.judging, Judging)]
    emit(
        json_,
        {"imported": _documents(found), "signs": signs, "judged": judged},
        [*_table(found), *(one.text for one in signs), *judging_lines(judged)],
    )


@evidence.command()
@in_workspace
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="CSV to write."
)
@click.option("--task", default="", help="Only logs of this task.")
@click.option("--log", "digest", default="", help="Only the log whose digest begins so.")
@as_json
def log(workspace: Path | None, out: Path, task: str, digest: str, json_: bool) -> None:
    """Write imported scores as CSV, a row a sample and a column a model, for `pratique replay`."""
    from pratique.errors import NotFound
    from pratique.evals.imports.evidence import all_evidence, replay_log

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        chosen = [
            one
            for one in all_evidence(connection)
            if (not task or one.log.task == task) and one.log.digest.startswith(_whole(digest))
        ]
    if not chosen:
        raise NotFound("nothing imported fits", hint="`pratique evidence show` lists what there is")
    items = [item for one in chosen for item in one.log.items]
    _write(out, replay_log(items).encode())
    scored = sum(item.outcome == "scored" for item in items)
    emit(
        json_,
        {"log": str(out), "results": len(items), "not_scored": len(items) - scored},
        [
            f"log: {out} ({len(items)} results, {len(items) - scored} not scored and counted as such)"
        ],
    )


@evidence.command()
@click.argument("run")
@in_workspace
@click.option(
    "--as",
    "form",
    required=True,
    type=click.Choice(["inspect", "junit", "sarif"]),
    help="Inspect log (JSON), JUnit XML, or SARIF 2.1.0.",
)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write."
)
@as_json
def export(
    run: str,
    workspace: Path | None,
    form: Literal["inspect", "junit", "sarif"],
    out: Path,
    json_: bool,
) -> None:
    """Write RUN in a form that other tools read. Whatever was not answered is in it."""
    from pratique.evals.exports.checked import group_of
    from pratique.evals.exports.inspect import inspect_log
    from pratique.evals.exports.junit import junit
    from pratique.evals.exports.sarif import sarif

    with opened_workspace(workspace) as opened:
        kept = _kept(opened, run)
    match form:
        case "inspect":
            _write(out, inspect_log(kept))
        case "junit":
            _write(out, junit([group_of(kept)]))
        case "sarif":
            _write(out, sarif([group_of(kept)]))
    emit(
        json_,
        {"run": run, "as": form, "file": str(out), "samples": len(kept.results)},
        [f"{run}: {len(kept.results)} samples, {kept.passed} passed: {out}"],
    )


def _require_offered(opened: "Opened", market: str, feature: str, locale: str) -> None:
    """Refuse evidence about what the market does not name: a slip of the pen would file it nowhere.

    Raises:
        NotFound: the market, the feature or the locale.
    """
    from pratique.errors import NotFound

    named = opened.workspace.market(market)
    for kind, value, known in (
        ("feature", feature, named.features),
        ("locale", locale, named.locales),
    ):
        if value not in known:
            raise NotFound(
                f"market `{market}` has no {kind} `{value}`", hint=f"it has {', '.join(known)}"
            )


def _whole(digest: str) -> str:
    return digest if not digest or digest.startswith("sha256:") else f"sha256:{digest}"


def _kept(opened: "Opened", run: str) -> "KeptRun":
    import msgspec

    from pratique.evals.exports.runs import kept_run

    with opened.database.connect() as connection:
        found = kept_run(connection, run)
    samples = _samples(opened, found.key.feature, found.key.locale, found.key.suite)
    return msgspec.structs.replace(found, samples=samples)


def _samples(opened: "Opened", feature: str, locale: str, digest: str) -> "dict[str, Sample]":
    """Return the samples of the suite with *digest*; none where it has changed since the run."""
    from pratique.assessment.candidates import read_packs
    from pratique.cli.output import say
    from pratique.evals.suites import packaged, read_suite, suites_of

    folders = opened.workspace.content("suites", packaged())
    (pack,) = read_packs(opened.workspace, [feature])
    for name in suites_of(folders, feature):
        if locale in pack.locales:
            suite = read_suite(folders, name, locale, pack.input_schema)
            if suite.digest == digest:
                return {one.id: one for one in suite.samples}
    say("the suite has changed since the run: inputs and targets are not in the file")
    return {}


def _documents(found: "Sequence[Evidence]") -> list[dict[str, object]]:
    return [
        {
            "origin": one.origin,
            "log": one.log.digest,
            "file": one.log.file,
            "tool": one.log.tool,
            "version": one.log.version,
            "task": one.log.task,
            "metric": one.log.metric,
            "market": one.market,
            "feature": one.feature,
            "locale": one.locale,
            "who": one.who,
            "at": one.at,
            "models": [
                {
                    "model": model,
                    "samples": count,
                    "mean": mean,
                    "outcomes": one.log.outcomes(model),
                }
                for model, count, mean in _means(one)
            ],
        }
        for one in found
    ]


def _table(found: "Sequence[Evidence]") -> list[str]:
    columns = ["origin", "tool", "log", "feature", "locale", "task", "metric", "model"]
    columns += ["samples", "mean", "outcomes"]
    rows = [
        [
            one.origin,
            f"{one.log.tool} {one.log.version}".strip(),
            one.log.digest.removeprefix("sha256:")[:12],
            one.feature,
            one.locale,
            one.log.task,
            one.log.metric,
            model,
            str(count),
            f"{mean:.3g}",
            ", ".join(f"{n} {name}" for name, n in one.log.outcomes(model).items()),
        ]
        for one in found
        for model, count, mean in _means(one)
    ]
    return table(columns, rows) if rows else ["nothing was imported"]


def _means(one: "Evidence") -> list[tuple[str, int, float]]:
    """Return each model with its samples and their mean score, those not scored included."""
    found = []
    for model in one.log.models:
        scores = [item.score for item in one.log.items if item.model == model]
        found.append((model, len(scores), sum(scores) / len(scores)))
    return found


def _write(path: Path, data: bytes) -> None:
    """Write *data* to *path*, whole or not at all.

    Raises:
        Unavailable: it cannot be written.
    """
    from pratique.errors import Unavailable

    partial = path.with_name(f".{path.name}.new")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(
            f"cannot write `{path}`: {error.strerror}", hint="name another file with `--out`"
        ) from None
