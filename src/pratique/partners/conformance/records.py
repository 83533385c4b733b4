"""Records of what was measured: one file a model, in the workspace's state."""

from pathlib import Path
from urllib.parse import quote

import msgspec

from pratique.errors import Malformed, Unavailable
from pratique.partners.conformance.report import STAND_IN, Measured, Report
from pratique.store.canonical import canonical


def keep(report: Report, folder: Path) -> Path:
    """Write *report* to its file in *folder*, whole or not at all, and return the file.

    A stand-in's has a file of its own, so that it never takes the place of a measurement.

    Raises:
        Unavailable: it cannot be written.
    """
    name = f"{report.partner}/{report.model}"
    path = _path(folder, name, stand_in=report.against == STAND_IN)
    partial = path.with_name(f".{path.name}.new")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(canonical(report) + b"\n")
        partial.replace(path)
    except OSError as error:
        if partial.is_file():
            partial.unlink()
        raise Unavailable(
            f"cannot write `{path}`: {error.strerror}", hint="see who may write in the workspace"
        ) from None
    return path


def read_measured(folder: Path, candidate: str, *, stand_in: bool = False) -> Measured | None:
    """Return what was measured of *candidate* (`partner/model`), or None where nothing was.

    What a stand-in did is no measurement of a partner: it is returned with *stand_in* alone.

    Raises:
        Malformed: the file is no report, or one of another model.
    """
    path = _path(folder, candidate, stand_in=stand_in)
    try:
        report = msgspec.json.decode(path.read_bytes(), type=Report)
    except FileNotFoundError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"not a report: {error}", path=path, hint=_hint(candidate)) from None
    named = f"{report.partner}/{report.model}"
    if report.version != 1 or named != candidate:
        what = f"version {report.version} of a report of `{named}`"
        raise Malformed(f"{what}, not of `{candidate}`", path=path, hint=_hint(candidate))
    one = {report.against == STAND_IN, report.capabilities.against == STAND_IN}
    if one != {stand_in}:
        raise Malformed(
            f"a report against `{report.against}` is in the wrong file",
            path=path,
            hint=_hint(candidate),
        )
    return report.capabilities


def _path(folder: Path, candidate: str, *, stand_in: bool) -> Path:
    partner, _, model = candidate.partition("/")
    suffix = f"--{STAND_IN}" if stand_in else ""
    return folder / f"{quote(partner, safe='')}--{quote(model, safe='')}{suffix}.json"


def _hint(candidate: str) -> str:
    return f"remove it, and run `pratique partner check {candidate}` again"
