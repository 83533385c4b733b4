"""`pratique partner`: the models there are, what each needs, and whether it keeps its word."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pratique.cli.opening import named_workspace, own_content
from pratique.cli.output import as_json, emit, in_workspace, say, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pratique.partners.catalogue import Candidate, Partner
    from pratique.partners.conformance.report import Measured, Report
    from pratique.settings.workspace import Access


@click.group()
def partner() -> None:
    """Look at partners and their models, and check how they answer."""


@partner.command("list")
@in_workspace
@as_json
def partner_list(workspace: Path | None, json_: bool) -> None:
    """List the partners' models, and what each still needs to be called from here."""
    from pratique.partners.catalogue import Candidate

    partners = _partners(workspace)
    accesses, folder = _accesses(workspace)
    found = [
        Candidate(partner=one, model=model) for one in partners.values() for model in one.models
    ]
    needs = {one.name: lacks(one, accesses, folder) for one in found}
    document = [
        {
            "candidate": one.name,
            "model": one.model,
            "simulated": one.partner.simulated,
            "installed": one.installed,
            "lacks": needs[one.name],
        }
        for one in found
    ]
    rows = [[one.name, needs[one.name] or _ready(one), _about(one)] for one in found]
    emit(json_, {"candidates": document}, table(["candidate", "lacks", "about"], rows))


def _ready(candidate: "Candidate") -> str:
    """Return the word for a model that lacks nothing we can see: a server of one's own may not run."""
    own = candidate.model.engine == "remote" and not candidate.partner.key_needed
    return "ready where its server runs" if own else "ready"


def _about(candidate: "Candidate") -> str:
    retires = candidate.model.retires
    notice = f" Retires on {retires.on}." if retires else ""
    about = candidate.model.about
    marked = not candidate.partner.simulated or about.startswith("Simulated")
    return f"{about if marked else f'Simulated: {about}'}{notice}"


def lacks(candidate: "Candidate", accesses: "Mapping[str, Access]", folder: Path) -> str:
    """Return what is missing before the model can be called, or an empty string."""
    from pratique.errors import Unavailable
    from pratique.partners.remote.place import key_of
    from pratique.settings.workspace import Access

    if not candidate.installed:
        return f"package `{candidate.model.package}`"
    if candidate.model.engine != "remote":
        return ""
    try:
        key_of(candidate.partner, accesses.get(candidate.partner.id, Access()), folder).header()
    except Unavailable:
        return f"key `{candidate.partner.key_variable}`"
    return ""


@partner.command("show")
@click.argument("name")
@in_workspace
@as_json
def partner_show(name: str, workspace: Path | None, json_: bool) -> None:
    """Show a partner, or one model as PARTNER/MODEL: what is known of it, and what was measured."""
    from pratique.partners.catalogue import find_candidate

    partners = _partners(workspace)
    if name in partners:
        found = partners[name]
        emit(json_, {"partner": found}, _partner_lines(found))
        return
    candidate = find_candidate(partners, name)
    measured = _measured(workspace, candidate.name)
    emit(
        json_,
        {
            "candidate": candidate.name,
            "simulated": candidate.partner.simulated,
            "model": candidate.model,
            "measured": measured,
        },
        [*_model_lines(candidate), *_measured_lines(measured)],
    )


def _partner_lines(found: "Partner") -> list[str]:
    lines = [f"{found.id}: {found.name}"]
    if found.simulated:
        lines.append("simulated: invented for rehearsals")
    if found.wire:
        key = f"key: `{found.key_variable}`" if found.key_variable else "key: none"
        lines += [f"wire: {found.wire}", key if found.key_needed else f"{key} (not needed)"]
        lines += [f"documentation: {found.documentation or 'unknown'}; read: {found.read}"]
        lines += [
            f"region {one.id}: market {one.market}, {one.base_url} ({one.certainty})"
            for one in found.regions
        ]
    return [*lines, *(f"model {found.id}/{one.id}: {one.about}" for one in found.models)]


def _model_lines(candidate: "Candidate") -> list[str]:
    """Return what the catalogue says, with what it does not know shown as unknown."""
    import msgspec

    entry = candidate.model
    lines = [candidate.name, f"about: {_about(candidate)}", f"engine: {entry.engine}"]
    lines += [f"snapshot: {entry.snapshot}", f"weights: {entry.weights}"]
    if entry.engine == "remote":
        declared = {
            **msgspec.structs.asdict(entry.capabilities),
            **msgspec.structs.asdict(entry.limits),
        }
        lines += [
            f"{key} (declared): {'unknown' if value is None else _plain(value)}"
            for key, value in declared.items()
        ]
    for price in entry.prices:
        upto = f" up to {price.up_to_tokens:,} tokens" if price.up_to_tokens else ""
        when = "" if price.when == "always" else f", {price.when.replace('_', '-')}"
        amounts = f"{price.currency} {price.input:g} in, {price.output:g} out a million"
        lines.append(f"price{upto}{when}: {amounts} ({price.as_of}; {price.source})")
    return lines


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _measured(workspace: Path | None, name: str) -> "Measured | None":
    from pratique.partners.conformance.records import read_measured

    folder = _capabilities(workspace)
    return read_measured(folder, name) if folder else None


def _measured_lines(measured: "Measured | None") -> list[str]:
    import msgspec

    if measured is None:
        return ["measured: nothing yet; `pratique partner check NAME --live` measures it"]
    fields = msgspec.structs.asdict(measured)
    return [
        f"{key} (measured): {'not established' if value is None else _plain(value)}"
        for key, value in fields.items()
    ]


@partner.command("check")
@click.argument("name")
@click.option("--live", is_flag=True, help="Call the partner itself; it costs a few cents.")
@click.option("--market", default="CN", show_default=True, help="Market whose region is called.")
@in_workspace
@as_json
@click.pass_context
def partner_check(
    context: click.Context,
    name: str,
    live: bool,
    market: str,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Check how a partner, or one model as PARTNER/MODEL, answers: about 150 checks.

    Without `--live` its stand-in on this machine is checked. What is measured is kept in the
    workspace, if there is one, and read by the rest of pratique.
    """
    report = asyncio.run(_checked(_chosen(name, workspace), live, market, workspace))
    folder = _capabilities(workspace)
    if folder:
        from pratique.partners.conformance.records import keep

        say(f"kept in `{keep(report, folder)}`")
    emit(json_, report, _report_lines(report))
    if report.failed:
        context.exit(1)


def _chosen(name: str, workspace: Path | None) -> "Candidate":
    """Return the model called *name*, or the first of the partner called so."""
    from pratique.errors import NotAllowed, NotFound
    from pratique.partners.catalogue import Candidate, find_candidate

    partners = _partners(workspace)
    if name in partners:
        found = Candidate(partner=partners[name], model=partners[name].models[0])
    else:
        found = find_candidate(partners, name)
    if not found.partner.wire:
        remote = ", ".join(sorted(one.id for one in partners.values() if one.wire))
        raise NotAllowed(
            f"`{found.name}` runs inside the process: there is no wire to check",
            hint=f"partners with one: {remote}",
        )
    if not found.partner.models:
        raise NotFound(f"partner `{name}` has no models")
    return found


async def _checked(
    candidate: "Candidate", live: bool, market: str, workspace: Path | None
) -> "Report":
    from pratique.cli.progress import checking
    from pratique.partners.conformance.kit import check_live, check_stand_in
    from pratique.partners.remote.place import key_of, region_for
    from pratique.settings.workspace import Access

    with checking(candidate.name) as progress:
        if not live:
            return await check_stand_in(candidate, progress)
        accesses, folder = _accesses(workspace)
        access = accesses.get(candidate.partner.id, Access())
        region_for(candidate.partner, market, access)
        key_of(candidate.partner, access, folder).header()  # says at once if there is none
        return await check_live(candidate, market, access, folder, progress)


def _report_lines(report: "Report") -> list[str]:
    """Return the counts, each failure, and what was not supported by its reason."""
    counts = f"{report.passed} passed, {report.failed} failed, {report.unsupported} not supported"
    failed = [[one.id, one.detail] for one in report.checks if one.status == "failed"]
    reasons: dict[str, list[str]] = {}
    for one in report.checks:
        if one.status == "unsupported":
            reasons.setdefault(one.detail, []).append(one.id)
    rows = [
        [", ".join(ids) if len(ids) < 4 else f"{len(ids)} checks", reason]
        for reason, ids in reasons.items()
    ]
    return [
        f"{report.partner}/{report.model} against {report.against}: {counts}",
        *(["", *table(["failed", "why"], failed)] if failed else []),
        *(["", *table(["not supported", "why"], rows)] if rows else []),
    ]


def _capabilities(workspace: Path | None) -> Path | None:
    """Return where measured capabilities are kept; None without a workspace."""
    from pratique.errors import NotFound

    try:
        return named_workspace(workspace).state / "capabilities"
    except NotFound:
        if workspace is not None:
            raise
        return None


def _accesses(workspace: Path | None) -> "tuple[Mapping[str, Access], Path]":
    from pratique.errors import NotFound

    try:
        found = named_workspace(workspace)
    except NotFound:
        if workspace is not None:
            raise
        return {}, Path.cwd()
    return found.configuration.partners, found.folder


def _partners(workspace: Path | None) -> "dict[str, Partner]":
    from pratique.partners.catalogue import packaged, read_partners

    return read_partners([*own_content(workspace, "partners"), packaged()])
