"""`pratique screen`: check a text, lint, build and compare packs."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pratique.cli import packs
from pratique.cli.opening import named_workspace, opened_workspace
from pratique.cli.output import as_json, emit, in_workspace, say, table

if TYPE_CHECKING:
    from pratique.screening.lint import Report
    from pratique.screening.pack import Pack
    from pratique.screening.results import Result
    from pratique.screening.verdict import Verdict

_SECONDS = 2.0
"""Seconds between two lines of progress."""

_PACK = click.option(
    "--pack",
    "pack_file",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Pack as TSV, JSONL, XLSX or built JSON; else the starter pack.",
)

_REGIME = click.option(
    "--regime", default="cn-cac", show_default=True, help="Rules that want counts."
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
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Results of many texts, .jsonl or .parquet; else JSONL to the standard output.",
)
@as_json
def check(
    what: str,
    pack_file: Path | None,
    side: Literal["input", "output"],
    feature: str,
    locale: str,
    out: Path | None,
    json_: bool,
) -> None:
    """Screen WHAT: a text, a text file, or many texts as JSONL or Parquet of `id` and `text`."""
    from pratique.screening.bulk import FORMS
    from pratique.screening.results import result
    from pratique.screening.screen import Screen

    compiled = Screen(_pack(pack_file), today=_today())
    screened = partial(compiled.check, side=side, feature=feature, locale=locale)
    path = Path(what) if len(what) < 1000 and "\n" not in what else None
    if path and path.suffix.lower() in FORMS:
        _bulk(path, out, screened)
        return
    if out is not None:
        raise click.UsageError("--out is for the results of many texts: give .jsonl or .parquet")
    text = _read(path) if path and path.is_file() else what
    found = result(path.name if path and path.is_file() else "text", screened(text))
    emit(json_, found, _told(found))


def _bulk(path: Path, out: Path | None, screened: "Callable[[str], Verdict]") -> None:
    """Screen every text of *path*, with a line of progress on stderr every few seconds."""
    from pratique.screening.bulk import read_lines, results_to
    from pratique.screening.results import result

    count = hit = 0
    told = time.monotonic()
    with results_to(out, sys.stdout.buffer) as sink:
        for line in read_lines(path):
            verdict = screened(line.text)
            sink.write(result(line.id, verdict))
            count += 1
            hit += bool(verdict.hits)
            if count % 1000 == 0 and time.monotonic() - told > _SECONDS:
                told = time.monotonic()
                say(f"{count:,} texts screened, {hit:,} with hits")
    say(f"{count:,} texts screened, {hit:,} with hits" + (f": {out}" if out else ""))


@screen.command("lint")
@click.argument("pack_file", metavar="PACK", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--clean",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    default=None,
    help="Ordinary text, one line a sample; else the product's own samples.",
)
@_REGIME
@as_json
def lint_(pack_file: Path, clean: Path | None, regime: str, json_: bool) -> None:
    """Say what is wrong with PACK, and exit with 1 if it would be refused."""
    from pratique.screening.lint import lint

    report = lint(
        _read_any(pack_file),
        clean=_clean(clean),
        least=_least(regime),
        total=_total(regime),
        today=_today(),
    )
    rows = [
        ("refuses" if finding.refuses else "", finding.kind, finding.rule, finding.detail)
        for finding in report.findings
    ]
    emit(json_, report, table(["", "finding", "rule", "detail"], rows))
    _tell(report)
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
    help="Ordinary text, one line a sample; else the product's own samples.",
)
@_REGIME
@click.option("--force", is_flag=True, help="Build in spite of refusing findings.")
@in_workspace
@as_json
def build(
    source: Path,
    out: Path,
    name: str,
    version_: str,
    expires: str,
    clean: Path | None,
    regime: str,
    force: bool,
    workspace: Path | None,
    json_: bool,
) -> None:
    """Make a signed and dated pack of the table SOURCE, unless lint refuses it."""
    from pratique.screening.lint import lint, require
    from pratique.screening.pack import pack_of, read_pack
    from pratique.screening.signed import signed

    read = read_pack(source)
    with opened_workspace(workspace) as opened:
        day = opened.clock().date()
        today = day.isoformat()
        pack = pack_of(
            read.entries, id=name or read.id, version=version_ or today, made=today, expires=expires
        )
        report = lint(
            pack, clean=_clean(clean), least=_least(regime), total=_total(regime), today=day
        )
        _tell(report)
        require(report, force=force)
        out.write_bytes(signed(pack, opened.key))
        key = opened.key.key_id
    made = {
        "pack": pack.id,
        "version": pack.version,
        "made": pack.made,
        "expires": pack.expires,
        "entries": len(pack.entries),
        "digest": pack.digest,
        "key": key,
        "forced": report.refused,
        "lint": report,
    }
    emit(
        json_,
        made,
        [
            f"{out}: {len(pack.entries)} entries, version {pack.version}, signed by `{key}`",
            f"next: `pratique screen activate {out}`",
        ],
    )


@screen.command("diff")
@click.argument("old", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("new", type=click.Path(path_type=Path, dir_okay=False))
@as_json
def diff(old: Path, new: Path, json_: bool) -> None:
    """Say which entries NEW adds, removes and changes, by id."""
    before = {entry.id: entry for entry in _read_any(old).entries}
    after = {entry.id: entry for entry in _read_any(new).entries}
    changes = {
        "added": sorted(after.keys() - before.keys()),
        "removed": sorted(before.keys() - after.keys()),
        "changed": sorted(id for id in before.keys() & after.keys() if before[id] != after[id]),
    }
    rows = [(kind, id) for kind, ids in changes.items() for id in ids]
    emit(json_, changes, table(["change", "rule"], rows))


def _pack(path: Path | None) -> "Pack":
    from pratique.screening.starter import starter

    pack = starter() if path is None else _read_any(path)
    if pack.expires and date.fromisoformat(pack.expires) < _today():
        from pratique.errors import NotAllowed

        raise NotAllowed(
            f"pack `{pack.id}` {pack.version} expired on {pack.expires}", hint="build a new version"
        )
    return pack


def _read_any(path: Path) -> "Pack":
    """Return the pack in *path*; a signed one is verified where a workspace knows the keys."""
    from pratique.errors import NotFound
    from pratique.screening.signed import read_any
    from pratique.workspace.opened import Opened

    if path.suffix.lower() != ".json":
        return read_any(path, None)
    try:
        opened = Opened(named_workspace(None))
    except NotFound:
        say(f"the signature of {path} is not checked: there is no workspace here")
        return read_any(path, None)
    try:
        return read_any(path, opened.verifies)
    finally:
        opened.close()


def _clean(path: Path | None) -> dict[str, list[str]]:
    """Return ordinary lines: the file's, else those of the product's suites, by locale."""
    from pratique.screening.clean import clean_texts

    if path is None:
        return clean_texts()
    return {path.name: [line for line in _read(path).splitlines() if line.strip()]}


def _tell(report: "Report") -> None:
    """Tell how a pack fared, the risks without entries and the worst entries by name."""
    count = sum(report.counts.values())
    say(
        f"{count} entries; {report.lines_hit} of {report.lines} clean lines hit"
        f" ({report.share:.2%}), most by "
        + (", ".join(f"`{rule}` {hits}" for rule, hits in report.worst[:5]) or "none")
    )
    if report.open:
        say(f"open, without entries: {', '.join(report.open)}")


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


def _total(regime: str) -> int:
    """Return the entries that the keyword library of *regime* needs in all."""
    from pratique.regimes.regime import load_regime

    return sum(int(bank.total.value) for bank in load_regime(regime).banks if bank.id == "keywords")


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


for command in (packs.activate, packs.rollback, packs.sign_off, packs.list_):
    screen.add_command(command)
