"""`pratique screen`: check a text, lint, build and compare packs."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pratique.cli.output import as_json, emit, say, table

if TYPE_CHECKING:
    from pratique.screening.pack import Pack
    from pratique.screening.results import Result

_PACK = click.option(
    "--pack",
    "pack_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Pack as TSV, JSONL, XLSX or built JSON; else the starter pack.",
)


@click.group("screen")
def screen() -> None:
    """Keyword screening: check texts, and look after the packs."""


@screen.command("check")
@click.argument("what")
@_PACK
@click.option("--side", type=click.Choice(["input", "output"]), default="input", show_default=True)
@click.option("--feature", default="", help="Feature, for entries that are scoped to some.")
@click.option("--locale", default="", help="Locale, for entries that are scoped to some.")
@as_json
def check(
    what: str,
    pack_file: Path | None,
    side: Literal["input", "output"],
    feature: str,
    locale: str,
    json_: bool,
) -> None:
    """Screen WHAT: a text, a text file, or a JSONL file of `{id, text}` (one result a line)."""
    from pratique.screening.results import lines, result
    from pratique.screening.screen import Screen

    compiled = Screen(_pack(pack_file), today=_today())
    path = Path(what) if len(what) < 1000 and "\n" not in what else None
    if path and path.suffix == ".jsonl" and path.is_file():
        for line in lines(_read(path), path):
            verdict = compiled.check(line.text, side, feature=feature, locale=locale)
            click.echo(result(line.id, verdict).line())
        return
    text = _read(path) if path and path.is_file() else what
    verdict = compiled.check(text, side, feature=feature, locale=locale)
    found = result(path.name if path and path.is_file() else "text", verdict)
    emit(json_, found, _told(found))


@screen.command("lint")
@click.argument("pack_file", metavar="PACK", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--clean",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="Ordinary text, one line a sample: its share of lines hit decides.",
)
@click.option("--regime", default="cn-cac", show_default=True, help="Rules that want counts.")
@as_json
def lint_(pack_file: Path, clean: Path | None, regime: str, json_: bool) -> None:
    """Say what is wrong with PACK, and exit with 1 if it would be refused."""
    from pratique.screening.lint import lint
    from pratique.screening.pack import read_pack

    lines = _read(clean).splitlines() if clean else []
    report = lint(
        read_pack(pack_file),
        clean=[line for line in lines if line.strip()],
        least=_least(regime),
        today=_today(),
    )
    rows = [
        ("refuses" if finding.refuses else "", finding.kind, finding.rule, finding.detail)
        for finding in report.findings
    ]
    emit(json_, report, table(["", "finding", "rule", "detail"], rows))
    say(
        f"{sum(report.counts.values())} entries; {report.lines_hit} of {report.lines} clean lines hit"
    )
    if report.refused:
        raise click.exceptions.Exit(1)


@screen.command("build")
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="JSON.")
@click.option("--id", "name", default="", help="Name of the list; else that of the file.")
@click.option("--version", "version_", default="", help="Version; else the day.")
@click.option("--expires", default="", help="Last day it may be used, `2027-03-31`.")
@click.option(
    "--clean",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="Ordinary text, one line a sample.",
)
@click.option("--force", is_flag=True, help="Build in spite of refusing findings.")
@as_json
def build(
    source: Path,
    out: Path,
    name: str,
    version_: str,
    expires: str,
    clean: Path | None,
    force: bool,
    json_: bool,
) -> None:
    """Make a dated pack of SOURCE, unless lint refuses it."""
    from pratique.screening.lint import lint, require
    from pratique.screening.pack import pack_of, read_pack
    from pratique.screening.screen import Screen

    today = _today().isoformat()
    read = read_pack(source)
    pack = pack_of(
        read.entries, id=name or read.id, version=version_ or today, made=today, expires=expires
    )
    lines = [line for line in _read(clean).splitlines() if line.strip()] if clean else []
    require(lint(pack, clean=lines, today=_today()), force=force)
    Screen(pack)
    import msgspec

    out.write_bytes(msgspec.json.encode(pack) + b"\n")
    made = {
        "pack": pack.id,
        "version": pack.version,
        "entries": len(pack.entries),
        "digest": pack.digest,
    }
    emit(
        json_, made, [f"{out}: {len(pack.entries)} entries, version {pack.version}, {pack.digest}"]
    )


@screen.command("diff")
@click.argument("old", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("new", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def diff(old: Path, new: Path, json_: bool) -> None:
    """Say which entries NEW adds, removes and changes, by id."""
    from pratique.screening.pack import read_pack

    before = {entry.id: entry for entry in read_pack(old).entries}
    after = {entry.id: entry for entry in read_pack(new).entries}
    changes = {
        "added": sorted(after.keys() - before.keys()),
        "removed": sorted(before.keys() - after.keys()),
        "changed": sorted(id for id in before.keys() & after.keys() if before[id] != after[id]),
    }
    rows = [(kind, id) for kind, ids in changes.items() for id in ids]
    emit(json_, changes, table(["change", "rule"], rows))


def _pack(path: Path | None) -> "Pack":
    from pratique.screening.pack import read_pack
    from pratique.screening.starter import starter

    pack = starter() if path is None else read_pack(path)
    if pack.expires and date.fromisoformat(pack.expires) < _today():
        from pratique.errors import NotAllowed

        raise NotAllowed(
            f"pack `{pack.id}` {pack.version} expired on {pack.expires}", hint="build a new version"
        )
    return pack


def _today() -> date:
    return datetime.now(UTC).date()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        from pratique.errors import Malformed

        raise Malformed(
            f"byte {error.start} is no UTF-8", path=path, hint="save it as UTF-8"
        ) from error


def _told(result: "Result") -> list[str]:
    if not result.hits:
        return ["nothing found"]
    rows = [(hit.rule, hit.view, f"{hit.start}–{hit.end}") for hit in result.hits]
    return [f"action: {result.action}", *table(["rule", "view", "code points"], rows)]


def _least(regime: str) -> dict[str, int]:
    """Return the entries that the keyword library of *regime* needs for each risk."""
    from pratique.regimes.regime import load_regime

    rules = load_regime(regime)
    return {
        risk.code: int(part.each.value)
        for bank in rules.banks
        if bank.id == "keywords"
        for part in bank.coverage
        if part.over == "risks"
        for risk in rules.risks.of(*part.classes)
    }
