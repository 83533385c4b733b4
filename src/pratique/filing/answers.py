"""Answers to a market's duties: what people state, and what the software measured.

People write theirs into `answers/MARKET.toml` of the workspace, one table a duty, with evidence that is
a file of the workspace, a file of the pack, or words that say where it is kept. Files are copied into
the pack, so that their hashes stand in its manifest.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.filing.dossier import Answered, DossierVariant, Result
from pratique.regimes.routes import Asked
from pratique.settings.toml import read_toml
from pratique.settings.workspace import Workspace

FOLDER = "answers"
"""Folder of the workspace with the answers, and with the files that they name."""

EVIDENCE = "evidence"
"""Folder of the pack into which the files are copied."""

MOST_BYTES = 40_000_000
"""A larger file of evidence is refused; say where it is kept instead."""


class _Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file."""

    answers: tuple[Answered, ...] = ()
    """One a duty."""
    procedures: tuple[Asked, ...] = ()
    """One a rule that asks which procedure is due."""


_Stated = TypeVar("_Stated", Answered, Asked)


def procedures_answered(workspace: Workspace, market: str) -> tuple[Asked, ...]:
    """Return what the regulator of *market* answered when it was asked which procedure is due.

    Raises:
        Malformed: the file is not what it should be.
    """
    path = workspace.folder / FOLDER / f"{market}.toml"
    return read_toml(path, _Answers).procedures if path.is_file() else ()


def stated_answers(workspace: Workspace, market: str) -> tuple[Answered, ...]:
    """Return what people answered for *market*; nothing where there is no such file.

    Raises:
        Malformed: the file is not what it should be, or a duty stands in it twice.
    """
    path = workspace.folder / FOLDER / f"{market}.toml"
    if not path.is_file():
        return ()
    found = read_toml(path, _Answers).answers
    seen: set[str] = set()
    for one in found:
        if one.duty in seen:
            raise Malformed(f"duty `{one.duty}` is answered twice", path=path)
        seen.add(one.duty)
    return found


def enclosed(
    workspace: Workspace, answers: Sequence[_Stated]
) -> tuple[tuple[_Stated, ...], Mapping[str, bytes]]:
    """Return *answers* with their files renamed to where they are in the pack, and those files.

    Raises:
        NotFound: a path under `answers/` leads to no file.
        Malformed: a file is too large, or its name is none that a pack may hold.
    """
    files: dict[str, bytes] = {}
    renamed: list[_Stated] = []
    for one in answers:
        evidence: list[str] = []
        for name in one.evidence:
            if name.startswith(FOLDER + "/"):
                path = f"{EVIDENCE}/{name.removeprefix(FOLDER + '/')}"
                about = one.duty if isinstance(one, Answered) else one.rule
                files[path] = _read(workspace.folder, name, about)
                evidence.append(path)
            else:
                evidence.append(name)
        renamed.append(msgspec.structs.replace(one, evidence=tuple(evidence)))
    return tuple(renamed), files


def _read(folder: Path, name: str, duty: str) -> bytes:
    path = folder / name
    inside = path.resolve().is_relative_to((folder / FOLDER).resolve())
    if not inside or not path.is_file():
        raise NotFound(
            f"evidence `{name}` of `{duty}` is no file of the workspace",
            hint=f"put it into `{folder / FOLDER}`",
        )
    if path.stat().st_size > MOST_BYTES:
        raise Malformed(f"it has more than {MOST_BYTES} bytes", path=path)
    return path.read_bytes()


def measured_answers(
    variants: Sequence[DossierVariant], results: Sequence[Result]
) -> tuple[Answered, ...]:
    """Return what the software itself can answer from what was measured and frozen."""
    found = [
        Answered(
            duty="report.24",
            state="met",
            zh="每一变更均与已提交的摘要比对，按规则判定无需办理、告知或重新办理；变更后的版本须重新测试方可启用。",
            en="Each change is compared with the digest that was submitted, and by rule asks for nothing, a"
            " notice or a new filing; what changed is tested anew before it is on.",
            evidence=("variants.json", "manifest.json"),
        )
    ]
    digests = {one.digest for one in variants}
    about = [one for one in results if one.digest in digests]
    if about and all(one.finding == "meets" for one in about):
        samples = sum(one.samples for one in about)
        for duty, zh, en in (
            ("report.14", "准确性", "accuracy"),
            ("report.15", "可靠性", "reliability"),
        ):
            found.append(
                Answered(
                    duty=duty,
                    state="met",
                    zh=f"{zh}：所提交的每个功能在密封样本上均达到本单位标准，共 {samples} 个样本，未作答者计零分。",
                    en=f"On {en}: every feature submitted met our standard on sealed samples, {samples} in all;"
                    " what was not answered counts as zero.",
                    evidence=("results.json", "results.md"),
                )
            )
    return tuple(found)


def merged(measured: Sequence[Answered], stated: Sequence[Answered]) -> tuple[Answered, ...]:
    """Return all answers; what people state of a duty takes the place of what was measured."""
    by_duty = {one.duty: one for one in measured} | {one.duty: one for one in stated}
    return tuple(by_duty[duty] for duty in sorted(by_duty))
