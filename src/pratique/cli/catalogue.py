"""`pratique feature` and `standard`: what there is to choose from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import named_workspace, own_content
from pratique.cli.output import as_json, emit, for_market, in_workspace, table

if TYPE_CHECKING:
    from pratique.features.packs import Pack


@click.group()
def feature() -> None:
    """Look at feature packs."""


@feature.command("list")
@in_workspace
@as_json
def feature_list(workspace: Path | None, json_: bool) -> None:
    """List the features with their locales and samples."""
    from pratique.evals.suites import packaged as packaged_suites
    from pratique.evals.suites import read_suite

    suites = [*own_content(workspace, "suites"), packaged_suites()]
    document, rows = [], []
    for pack in _packs(workspace):
        samples = {
            locale: len(read_suite(suites, pack.id, locale, pack.input_schema).samples)
            for locale in pack.locales
        }
        document.append(
            {
                "feature": pack.id,
                "about": pack.file.about,
                "role": pack.file.role,
                "samples": samples,
            }
        )
        rows.append([pack.id, ", ".join(f"{k} ({v})" for k, v in samples.items()), pack.file.about])
    emit(json_, {"features": document}, table(["feature", "locales (samples)", "about"], rows))


@feature.command("show")
@click.argument("name")
@in_workspace
@as_json
def feature_show(name: str, workspace: Path | None, json_: bool) -> None:
    """Show one feature: its limits, checks and schemas."""
    from pratique.errors import NotFound

    found = {pack.id: pack for pack in _packs(workspace)}
    if name not in found:
        raise NotFound(f"no feature `{name}`", hint=f"known: {', '.join(found)}")
    pack = found[name]
    lines = [
        f"{pack.id}: {pack.file.about}",
        f"locales: {', '.join(pack.locales)}; role: {pack.file.role}; folder: {pack.folder}",
        *(f"check {check.id} (revision {check.revision})" for check in pack.file.checks),
    ]
    emit(
        json_,
        {
            "feature": pack.file,
            "input_schema": pack.input_schema,
            "output_schema": pack.output_schema,
        },
        lines,
    )


def _packs(workspace: Path | None) -> "list[Pack]":
    from pratique.features.packs import find_packs, packaged, read_pack

    return [
        read_pack(folder)
        for folder in find_packs([*own_content(workspace, "features"), packaged()]).values()
    ]


@click.group()
def standard() -> None:
    """Look at standards."""


@standard.command("check")
@in_workspace
@for_market
@as_json
def standard_check(workspace: Path | None, market: str, json_: bool) -> None:
    """Read the market's standard and say whether its suites can decide it."""
    from pratique.assessment.assess import plan
    from pratique.assessment.candidates import offer

    found = named_workspace(workspace)
    planned = plan(found, offer(found, market), seed=1)
    standard = planned.standard
    rows = [
        [one.feature, ", ".join(one.locales) or "all", f"{one.bar:.0%}", standard.truth]
        for one in standard.requirements
    ]
    members = len(planned.cells)
    shared = f"alpha {standard.alpha:g} over {members} findings ({standard.family})"
    head = f"standard `{standard.id}`: {shared}; all can be decided"
    emit(
        json_,
        {"standard": standard, "members": len(planned.cells)},
        [head, *table(["feature", "locales", "bar", "truth"], rows)],
    )
