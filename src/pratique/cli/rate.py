"""`pratique rate`: blind rating sheets out and in, agreement, and who decides where raters differ."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pratique.cli.opening import opened_workspace
from pratique.cli.output import as_json, emit, in_workspace, table

if TYPE_CHECKING:
    from pratique.evals.ratings.standing import Rated, Standing


@click.group()
def rate() -> None:
    """Let people rate answers without knowing whose they are."""


@rate.command("out")
@in_workspace
@click.option("--run", required=True, help="Run whose answers are rated (`assess --json`).")
@click.option("--against", default=None, help="Another run on the same suite: pairs, side by side.")
@click.option("--raters", required=True, help="Names with commas, two or more: `ada,bo`.")
@click.option(
    "--waiting",
    is_flag=True,
    help="Only answers that judges left for people; what is said of them settles them.",
)
@click.option(
    "--samples",
    type=click.IntRange(min=1, max=2000),
    default=50,
    show_default=True,
    help="Samples to draw, those without an answer included.",
)
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the sheets.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "zh"]),
    default="en",
    show_default=True,
    help="Language of the sheets' own words.",
)
@click.option("--rubric", default=None, help="Rubric; else `usefulness`, of pairs `comparison`.")
@click.option(
    "--seed", default=1, show_default=True, help="Seed of the drawing and of every order."
)
@as_json
def out(
    workspace: Path | None,
    run: str,
    against: str | None,
    raters: str,
    waiting: bool,
    samples: int,
    folder: Path,
    language: Literal["en", "zh"],
    rubric: str | None,
    seed: int,
    json_: bool,
) -> None:
    """Write one sheet a rater. Whose answers they are stays in the store, not in the sheets."""
    if waiting and against:
        raise click.UsageError("--waiting takes one run, not a pair")
    from pratique.evals.judges.rubrics import packaged, read_rubric
    from pratique.evals.ratings.batches import sheet_for
    from pratique.evals.ratings.drawing import (
        Asked,
        batch_of_pair,
        batch_of_run,
        batch_of_waiting,
        key_of,
        words_of,
    )
    from pratique.evals.ratings.sources import require_comparable, samples_of, source_called
    from pratique.evals.ratings.table import keep_batch
    from pratique.evals.ratings.writing import require_free, write_sheet
    from pratique.evals.suites import packaged as packaged_suites
    from pratique.features.packs import find_packs, read_pack
    from pratique.features.packs import packaged as packaged_features

    with opened_workspace(workspace) as opened:
        with opened.database.connect() as connection:
            own = source_called(connection, run)
            other = source_called(connection, against) if against else None
        packs = find_packs(opened.workspace.content("features", packaged_features()))
        pack = read_pack(packs[own.key.feature])
        folders = opened.workspace.content("suites", packaged_suites())
        found = samples_of(folders, own.key, pack.input_schema)
        judged = own.key.judge.partition("@")[0] or "usefulness"
        name = rubric or ("comparison" if other else judged)
        asked = Asked(
            rubric=read_rubric(opened.workspace.content("rubrics", packaged()), name),
            language=language,
            words=words_of(language, own.key.locale),
            raters=tuple(one.strip() for one in raters.split(",")),
            samples=samples,
            seed=seed,
        )
        if waiting:
            batch = batch_of_waiting(own.answers, found, asked)
        elif other is None:
            batch = batch_of_run(own.answers, found, asked)
        else:
            require_comparable(own.key, other.key)
            batch = batch_of_pair(own.answers, other.answers, found, asked)
        paths = {rater: folder / f"{batch.id}-{rater}.xlsx" for rater in batch.raters}
        sheets = {rater: sheet_for(batch, rater) for rater in batch.raters}
        for rater, path in paths.items():
            require_free(sheets[rater], path)
        with opened.database.begin() as connection:
            keep_batch(connection, batch, opened.clock())
        folder.mkdir(parents=True, exist_ok=True)
        for rater, path in paths.items():
            write_sheet(sheets[rater], path)
    unanswered = len(key_of(batch).fixed)
    emit(
        json_,
        {
            "batch": batch.id,
            "items": len(batch.items),
            "unanswered": unanswered,
            "sheets": {rater: str(path) for rater, path in paths.items()},
        },
        [
            f"batch `{batch.id}`: {len(batch.items)} items to rate, {unanswered} without an answer",
            *(f"{rater}: {path}" for rater, path in paths.items()),
            "next: `pratique rate in FILE…` takes the sheets back, whole",
        ],
    )


@rate.command("in")
@in_workspace
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@as_json
def back(workspace: Path | None, files: tuple[Path, ...], json_: bool) -> None:
    """Take back the sheets FILES. One that is broken or altered is refused as a whole."""
    from pratique.evals.ratings.returning import take_back

    with opened_workspace(workspace) as opened, opened.database.begin() as connection:
        found = [take_back(connection, path, opened.clock()) for path in files]
    emit(
        json_,
        {"sheets": found},
        [f"{one.file}: {one.rows} ratings of {one.rater}, {one.new} of them new" for one in found],
    )


@rate.command("status")
@in_workspace
@click.argument("batch", required=False)
@as_json
def rate_status(workspace: Path | None, batch: str | None, json_: bool) -> None:
    """Show who gave back what, how far raters agree and, once all is settled, what it comes to."""
    from pratique.evals.ratings.standing import rated, standing_of
    from pratique.evals.ratings.table import batch_called, batches_kept, ratings_of

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        chosen = [batch_called(connection, batch)] if batch else batches_kept(connection)
        kept = {one.id: ratings_of(connection, one.id) for one in chosen}
    standings = [standing_of(one, kept[one.id]) for one in chosen]
    results = {
        one.id: rated(one, kept[one.id])
        for one, standing in zip(chosen, standings, strict=True)
        if standing.settled == standing.items
    }
    emit(json_, {"batches": standings, "results": results}, _lines(standings, results))


@rate.command()
@in_workspace
@click.argument("batch")
@click.option("--by", required=True, help="Who decides where raters differ; none of the raters.")
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the sheet.",
)
@as_json
def adjudicate(workspace: Path | None, batch: str, by: str, folder: Path, json_: bool) -> None:
    """Write the sheet on which one more person decides where the raters of BATCH differ."""
    from pratique.errors import NotAllowed
    from pratique.evals.ratings.batches import adjudication_sheet
    from pratique.evals.ratings.standing import given_by, standing_of
    from pratique.evals.ratings.table import batch_called, ratings_of
    from pratique.evals.ratings.writing import write_sheet

    with opened_workspace(workspace) as opened, opened.database.connect() as connection:
        chosen = batch_called(connection, batch)
        kept = ratings_of(connection, batch)
    awaited = standing_of(chosen, kept).awaited
    if awaited:
        raise NotAllowed(
            f"the sheets of {', '.join(awaited)} are not back yet",
            hint="a dispute is decided once all raters gave theirs: `pratique rate in FILE…`",
        )
    sheet = adjudication_sheet(chosen, by, given_by(kept))
    path = folder / f"{batch}-decides-{by}.xlsx"
    folder.mkdir(parents=True, exist_ok=True)
    write_sheet(sheet, path)
    emit(
        json_,
        {"batch": batch, "by": by, "items": len(sheet.rows), "sheet": str(path)},
        [f"{len(sheet.rows)} items to decide: {path}"],
    )


def _lines(standings: "Sequence[Standing]", results: "dict[str, Rated]") -> list[str]:
    columns = ["batch", "items", "back", "awaited", "alpha", "95 %", "same", "disputed", "decided"]
    rows = []
    for one in standings:
        found = one.agreement
        alpha = "–" if found is None or found.alpha is None else f"{found.alpha:.2f}"
        interval = "–"
        if found is not None and found.low is not None and found.high is not None:
            interval = f"{found.low:.2f} – {found.high:.2f}"
        rows.append(
            [
                f"{one.batch} ({one.kind})",
                str(one.items),
                ", ".join(one.given) or "–",
                ", ".join(one.awaited) or "–",
                alpha,
                interval,
                "–" if found is None else f"{found.same:.0%} of {found.items}",
                str(one.disputed),
                str(one.decided),
            ]
        )
    return [
        *table(columns, rows),
        *(_result(name, one) for name, one in results.items()),
        *(
            f"next: `pratique rate adjudicate {one.batch} --by NAME --out FOLDER` writes what raters"
            " differ on for somebody else to decide"
            for one in standings
            if not one.awaited and one.disputed > one.decided
        ),
    ]


def _result(batch: str, one: "Rated") -> str:
    beside = f" beside {one.other} ({one.against})" if one.against else ""
    order = "" if one.order is None else f"; order bias {one.order.finding}"
    return (
        f"{batch}: {one.candidate} ({one.run}){beside}: {one.share:.1%}"
        f" ({one.low:.1%} – {one.high:.1%}) over {one.samples} samples,"
        f" {one.unanswered} without an answer{order}"
    )
