"""Suites: the sealed samples that a feature is measured on in one locale."""

import random
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import jsonschema_rs
import msgspec

from pratique.errors import Malformed, NotFound
from pratique.evals.scorers import SCORERS, Target, require_fitting_target
from pratique.features.packs import Schema
from pratique.settings.toml import read_toml
from pratique.store.canonical import canonical, digest


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request with what a good answer to it is."""

    id: str
    """Name of the sample, the same for ever."""
    input: Mapping[str, object]
    """The request's input."""
    target: Target
    """What the answer is held to."""
    why: str
    """What a user would mind here."""


class SuiteFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `suite.toml` of a suite."""

    feature: str
    """Feature that it measures."""
    scorer: str
    """What compares an answer with its target."""
    revision: int
    """Revision of the scorer."""
    origin: str
    """Where the samples come from."""


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """The samples of one feature in one locale."""

    file: SuiteFile
    """What `suite.toml` says."""
    locale: str
    """Locale of the samples."""
    samples: tuple[Sample, ...]
    """The samples, in the file's order."""
    digest: str
    """Hash of the samples and the scorer: a result speaks of this suite only."""

    @property
    def name(self) -> str:
        """`feature/locale`."""
        return f"{self.file.feature}/{self.locale}"

    def order(self, seed: int) -> list[Sample]:
        """Return the samples in the order in which a run with *seed* draws them."""
        shuffled = list(self.samples)
        random.Random(f"{seed}/{self.digest}").shuffle(shuffled)  # noqa: S311  (drawing, not secrecy)
        return shuffled


def packaged() -> Path:
    """Return the folder of the suites that come with the product."""
    return Path(str(files("pratique") / "content" / "suites"))


def read_suite(folders: Sequence[Path], feature: str, locale: str, input_schema: Schema) -> Suite:
    """Return the suite of *feature* in *locale* from the first of *folders* that has it.

    Raises:
        NotFound: there is none.
        Malformed: a sample is broken; the error names file and line. No sample is ever skipped.
    """
    for folder in folders:
        if (folder / feature / "suite.toml").is_file():
            return _read(folder / feature, locale, input_schema)
    raise NotFound(
        f"no suite for feature `{feature}`",
        hint=f"write `suites/{feature}/suite.toml` and `{locale}.jsonl`",
    )


def read_development(folder: Path, sealed: Suite, input_schema: Schema) -> Suite | None:
    """Return the development samples beside the *sealed* suite in *folder*, or None without any.

    They are what rules and prompts are written by; they never count in a run.

    Raises:
        Malformed: a sample is broken, or stands in the sealed suite too.
    """
    path = folder / sealed.file.feature / "dev" / f"{sealed.locale}.jsonl"
    if not path.is_file():
        return None
    samples = _samples(path, sealed.file.scorer, input_schema)
    kept = {str(sample.input) for sample in sealed.samples}
    both = [sample.id for sample in samples if str(sample.input) in kept]
    if both:
        raise Malformed(f"sample `{both[0]}` stands in the sealed suite, too", path=path)
    return msgspec.structs.replace(sealed, samples=samples, digest="")


def _read(folder: Path, locale: str, input_schema: Schema) -> Suite:
    path = folder / "suite.toml"
    file = read_toml(path, SuiteFile)
    if file.scorer not in SCORERS:
        raise Malformed(
            f"unknown scorer `{file.scorer}`", hint=f"known: {', '.join(SCORERS)}", path=path
        )
    if file.revision != SCORERS[file.scorer].revision:
        raise Malformed(
            f"scorer `{file.scorer}` has revision {SCORERS[file.scorer].revision}, not {file.revision}",
            hint="raise the revision here: earlier results then no longer count",
            path=path,
        )
    samples = _samples(folder / f"{locale}.jsonl", file.scorer, input_schema)
    sealed = digest(
        canonical([msgspec.to_builtins(file), [msgspec.to_builtins(s) for s in samples]])
    )
    return Suite(file=file, locale=locale, samples=samples, digest=sealed)


def _samples(path: Path, scorer: str, input_schema: Schema) -> tuple[Sample, ...]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        raise NotFound(
            f"no file `{path}`", hint="a suite has one file of samples per locale"
        ) from None
    validator = jsonschema_rs.Draft202012Validator(input_schema)
    found: dict[str, Sample] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            raise Malformed("an empty line", path=path, line=number)
        sample = _sample(line, path, number)
        fault = next(validator.iter_errors(sample.input), None)
        if fault is not None:
            raise Malformed(f"`input` of `{sample.id}`: {fault.message}", path=path, line=number)
        require_fitting_target(scorer, sample.target, path, number)
        if sample.id in found:
            raise Malformed(f"sample `{sample.id}` stands twice", path=path, line=number)
        found[sample.id] = sample
    if not found:
        raise Malformed("no samples", path=path)
    return tuple(found.values())


def _sample(line: bytes, path: Path, number: int) -> Sample:
    try:
        return msgspec.json.decode(line, type=Sample)
    except msgspec.DecodeError as error:  # also the validation error, which is a kind of it
        raise Malformed(f"not a sample: {error}", path=path, line=number) from None
