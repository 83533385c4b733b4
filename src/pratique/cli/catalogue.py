"""`pratique feature` and `standard`: what there is to choose from."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import named_workspace, own_content
from pratique.cli.output import as_json, emit, for_market, in_workspace, table
from pratique.cli.trying import feature_try

if TYPE_CHECKING:
    from pratique.features.packs import Pack, Schema


@click.group()
def feature() -> None:
    """Look at feature packs."""


feature.add_command(feature_try)


@feature.command("list")
@in_workspace
@as_json
def feature_list(workspace: Path | None, json_: bool) -> None:
    """List the features with their locales, limits and samples."""
    document, rows = [], []
    for pack in _packs(workspace):
        counted = _counted(workspace, pack)
        document.append(
            {
                "feature": pack.id,
                "about": pack.file.about,
                "role": pack.file.role,
                "digest": pack.digest,
                "locales": {
                    locale: {"name": pack.file.name[locale], "limits": pack.file.limits[locale]}
                    for locale in pack.locales
                },
                "suites": counted,
            }
        )
        rows += [
            [
                pack.id if n == 0 else "",
                str(one["suite"]),
                str(one["locale"]),
                str(one["hand_written"] or "–"),
                str(one["generated"] or "–"),
            ]
            for n, one in enumerate(counted)
        ]
    columns = ["feature", "suite", "locale", "by hand", "generated"]
    emit(json_, {"features": document}, table(columns, rows))


def _counted(workspace: Path | None, pack: "Pack") -> list[dict[str, str | int]]:
    """Return how many samples each suite of *pack* has in each locale, by how they came to be."""
    from pratique.evals.suites import locales_of, packaged, read_suite, suites_of

    folders = [*own_content(workspace, "suites"), packaged()]
    found: list[dict[str, str | int]] = []
    for name in suites_of(folders, pack.id):
        for locale in locales_of(folders, name, pack.locales):
            suite = read_suite(folders, name, locale, pack.input_schema)
            generated = sum(one.generated for one in suite.samples)
            found.append(
                {
                    "suite": name,
                    "locale": locale,
                    "hand_written": len(suite.samples) - generated,
                    "generated": generated,
                    "scorer": suite.file.scorer,
                    "digest": suite.digest,
                }
            )
    return found


@feature.command("show")
@click.argument("name")
@in_workspace
@as_json
def feature_show(name: str, workspace: Path | None, json_: bool) -> None:
    """Show one feature: its locales, checks, fields and suites; limits and schemas with --json."""
    from pratique.errors import NotFound, names_near

    found = {pack.id: pack for pack in _packs(workspace)}
    if name not in found:
        raise NotFound(f"no feature `{name}`", hint=names_near(name, found))
    pack = found[name]
    lines = [
        f"{pack.id}: {pack.file.about}",
        f"locales: {', '.join(pack.locales)}; role: {pack.file.role}; folder: {pack.folder}",
        *(f"check {check.id} (revision {check.revision})" for check in pack.file.checks),
        *(f"{name}: {_fields(schema)}" for name, schema in _schemas(pack)),
        *(
            f"suite {one['suite']} ({one['locale']}): {one['hand_written'] or one['generated']}"
            f" samples, scorer `{one['scorer']}`"
            for one in _counted(workspace, pack)
        ),
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


def _schemas(pack: "Pack") -> "tuple[tuple[str, Schema], ...]":
    return (("input", pack.input_schema), ("output", pack.output_schema))


def _fields(schema: "Schema") -> str:
    """Return the names of the fields at the top of *schema*; `--json` shows all of it."""
    properties = schema.get("properties", {})
    needed = schema.get("required", [])
    if not isinstance(properties, dict) or not isinstance(needed, list):
        return "–"
    return ", ".join(one if one in needed else f"{one} (may be left out)" for one in properties)


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
    from pratique.assessment.candidates import offer
    from pratique.assessment.planning import plan

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
