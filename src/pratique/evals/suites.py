"""Suites: the sealed samples that a feature is measured on in one locale."""

import random
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal

import jsonschema_rs
import msgspec

from pratique.errors import Malformed, NotFound
from pratique.evals.headlines import instances
from pratique.evals.pictures import image_of, pictured, with_picture
from pratique.evals.scorers import SCORERS, Target, require_fitting_target
from pratique.evals.statistics.clusters import sizes_of
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
    generated: bool = False
    """Whether a rule made it, so that its target is certain; reported apart from what was written by hand."""
    cluster: str | msgspec.UnsetType = msgspec.UNSET
    """Source that it shares with other samples (an article, a dialogue); absent where it has its own."""

    @property
    def source(self) -> tuple[str, str]:
        """What it was drawn with: its cluster, or itself."""
        return ("", self.id) if isinstance(self.cluster, msgspec.UnsetType) else (self.cluster, "")


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
    generator: Literal["", "headlines", "pictures"] = ""
    """What makes the samples; empty where they are written by hand, in `LOCALE.jsonl`."""


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """The samples of one feature in one locale."""

    id: str
    """Name of the suite: its folder's; a feature's own suite is called like the feature."""
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
        """`suite/locale`."""
        return f"{self.id}/{self.locale}"

    def order(self, seed: int) -> list[Sample]:
        """Return the samples in the order in which a run with *seed* draws them, clusters whole."""
        together: dict[tuple[str, str], list[Sample]] = {}
        for one in self.samples:
            together.setdefault(one.source, []).append(one)
        shuffled = list(together.values())
        random.Random(f"{seed}/{self.digest}").shuffle(shuffled)  # noqa: S311  (drawing, not secrecy)
        return [sample for cluster in shuffled for sample in cluster]


def cluster_sizes(order: Sequence[Sample]) -> tuple[int, ...]:
    """Return the sizes of clusters in an *order* of drawing; empty where nothing is shared."""
    sizes = sizes_of(one.source for one in order)
    return tuple(sizes) if len(sizes) < len(order) else ()


def packaged() -> Path:
    """Return the folder of the suites that come with the product."""
    return Path(str(files("pratique") / "content" / "suites"))


def read_suite(folders: Sequence[Path], name: str, locale: str, input_schema: Schema) -> Suite:
    """Return the suite called *name* in *locale* from the first of *folders* that has it.

    Raises:
        NotFound: there is none.
        Malformed: a sample is broken; the error names file and line. No sample is ever skipped.
    """
    for folder in folders:
        if (folder / name / "suite.toml").is_file():
            return _read(folder / name, locale, input_schema)
    raise NotFound(
        f"no suite `{name}`", hint=f"write `suites/{name}/suite.toml` and `{locale}.jsonl`"
    )


def locales_of(folders: Sequence[Path], name: str, locales: Sequence[str]) -> tuple[str, ...]:
    """Return those of *locales* in which the suite called *name* has samples.

    Where it has a file for none of them all are returned, so that reading names the file that is
    missing.
    """
    folder = next((one / name for one in folders if (one / name / "suite.toml").is_file()), None)
    if folder is None or read_toml(folder / "suite.toml", SuiteFile).generator:
        return tuple(locales)
    written = tuple(one for one in locales if (folder / f"{one}.jsonl").is_file())
    return written or tuple(locales)


def suites_of(folders: Sequence[Path], feature: str) -> list[str]:
    """Return the names of the suites that measure *feature*, its own first.

    Raises:
        Malformed: a `suite.toml` is not what it should be.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*/suite.toml")):
            found.setdefault(path.parent.name, path)
    names = [name for name, path in found.items() if read_toml(path, SuiteFile).feature == feature]
    return sorted(names, key=lambda name: (name != feature, name))


def read_development(folder: Path, sealed: Suite, input_schema: Schema) -> Suite | None:
    """Return the development samples beside the *sealed* suite in *folder*, or None without any.

    They are what rules and prompts are written by; they never count in a run.

    Raises:
        Malformed: a sample is broken, or stands in the sealed suite too.
    """
    path = folder / sealed.id / "dev" / f"{sealed.locale}.jsonl"
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
            hint=f"write `revision = {SCORERS[file.scorer].revision}` here: earlier results then no"
            " longer count",
            path=path,
        )
    match file.generator:
        case "headlines":
            samples = _headlines(folder, locale, file.scorer, input_schema)
        case "pictures":
            samples = _pictures(folder, locale, file.scorer, input_schema)
        case _:
            samples = _samples(folder / f"{locale}.jsonl", file.scorer, input_schema)
    sealed = digest(
        canonical([msgspec.to_builtins(file), [msgspec.to_builtins(s) for s in samples]])
    )
    return Suite(id=folder.name, file=file, locale=locale, samples=samples, digest=sealed)


def _pictures(folder: Path, locale: str, scorer: str, input_schema: Schema) -> tuple[Sample, ...]:
    """Return one sample for each rendered picture in *locale*: the events in it."""
    found = []
    for number, one in pictured(folder):
        if one.locale != locale:
            continue
        sample = Sample(
            id=one.id,
            input={"image": image_of(folder / one.file), "today": one.today},
            target=Target(events=one.events, category=one.category or ("none",)),
            why=f"A {one.kind}" + (f", {', '.join(one.conditions)}." if one.conditions else "."),
        )
        _require_valid(sample, input_schema, folder / "pictures.jsonl", number)
        require_fitting_target(scorer, sample.target, folder / "pictures.jsonl", number)
        found.append(sample)
    return tuple(found)


def _require_valid(sample: Sample, schema: Schema, path: Path, line: int) -> None:
    fault = next(jsonschema_rs.Draft202012Validator(schema).iter_errors(sample.input), None)
    if fault is not None:
        place = "".join(f"/{step}" for step in fault.instance_path) or "/"
        raise Malformed(f"`input` of `{sample.id}` at `{place}` does not fit", path=path, line=line)


def _headlines(folder: Path, locale: str, scorer: str, input_schema: Schema) -> tuple[Sample, ...]:
    """Return one sample for each instance of the patterns: its news as a stack of notifications."""
    validator = jsonschema_rs.Draft202012Validator(input_schema)
    found = []
    for number, one in enumerate(instances(folder / "patterns", locale), 1):
        items = [
            {
                "id": str(place),
                "title": "",
                "body": body,
                "ts": f"2026-03-04T09:{place:02d}:00+08:00",
            }
            for place, body in enumerate(one.items, 1)
        ]
        sample = Sample(
            id=f"{folder.name}-{locale}-{number:05d}",
            input={"app_category": "news", "items": items},
            target=Target(never=one.forbidden),
            why=one.pattern.about,
            generated=True,
        )
        fault = next(validator.iter_errors(sample.input), None)
        if fault is not None:
            raise Malformed(f"`input` of `{sample.id}`: {fault.message}", path=folder)
        require_fitting_target(scorer, sample.target, folder, number)
        found.append(sample)
    return tuple(found)


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
        if sample.cluster == "":
            raise Malformed(
                f"`cluster` of `{sample.id}` is empty",
                hint="name the source that samples share, or leave the field out",
                path=path,
                line=number,
            )
        given = with_picture(sample.input, path.parent)
        sample = msgspec.structs.replace(sample, input=given)
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
    except msgspec.ValidationError as error:
        raise Malformed(
            f"not a sample: {error}",
            hint="docs/add-a-feature.md shows one; `target` takes what the suite's scorer compares",
            path=path,
            line=number,
        ) from None
    except msgspec.DecodeError as error:
        raise Malformed(
            f"not a sample: {error}",
            hint="one whole JSON object a line",
            path=path,
            line=number,
        ) from None
