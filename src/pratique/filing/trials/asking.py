"""Asking: a bank's questions as the samples of a suite, one for each variant that gets some."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pratique.evals.scorers import SCORERS, Target
from pratique.evals.suites import Sample, Suite, SuiteFile
from pratique.filing.banks.entries import Entry
from pratique.filing.banks.keeping import STARTER
from pratique.serving.variant import Variant
from pratique.settings.toml import read_toml
from pratique.settings.workspace import Workspace
from pratique.store.canonical import canonical, digest

_SCORER = "answered"
_PLACEHOLDER = "{question}"

Template = Mapping[str, object]


def templates(workspace: Workspace) -> Mapping[str, Template]:
    """Return how a question becomes each feature's input; the workspace's own file stands first.

    Raises:
        Malformed: a file is no TOML.
    """
    found: dict[str, Template] = dict(_read(STARTER / "inputs.toml"))
    own = workspace.folder / "banks" / "inputs.toml"
    if own.is_file():
        found.update(_read(own))
    return found


def _read(path: Path) -> Mapping[str, Template]:
    return read_toml(path, dict[str, dict[str, object]])


def suite_of(bank: str, variant: Variant, template: Template, questions: Sequence[Entry]) -> Suite:
    """Return the suite that asks *questions* of *variant*: any answer has met it, judges say more."""
    file = SuiteFile(
        feature=variant.feature,
        scorer=_SCORER,
        revision=SCORERS[_SCORER].revision,
        origin=f"bank `{bank}`",
    )
    samples = tuple(
        Sample(
            id=one.id,
            input=_filled(template, one.text),
            target=Target(),
            why=one.place,
        )
        for one in questions
    )
    sealed = digest(
        canonical([msgspec.to_builtins(file), [msgspec.to_builtins(s) for s in samples]])
    )
    return Suite(
        id=f"bank-{bank}", file=file, locale=variant.locale, samples=samples, digest=sealed
    )


def _filled(template: Template, question: str) -> Mapping[str, object]:
    return {name: _put(value, question) for name, value in template.items()}


def _put(value: object, question: str) -> object:
    if isinstance(value, str):
        return value.replace(_PLACEHOLDER, question)
    if isinstance(value, list):
        return [_put(one, question) for one in value]
    if isinstance(value, dict):
        return {name: _put(one, question) for name, one in value.items()}
    return value
