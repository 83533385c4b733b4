"""Feature packs: one AI capability that a user sees, as a folder of data."""

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Literal, cast

import jsonschema_rs
import msgspec

from pratique.errors import Malformed, NotFound
from pratique.features.checks import CheckUse, require_known_checks
from pratique.features.derive import DeriveUse, require_known_derivations
from pratique.features.prompts import Prompt, require_sound_prompt
from pratique.settings.toml import read_toml
from pratique.store.canonical import canonical, digest

Role = Literal["serve", "safeguard", "extend"]
Schema = dict[str, object]

_ID = re.compile(r"[a-z][a-z0-9_]{1,40}")


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much a request may hold in one locale."""

    input_characters: int
    """Most code points in all strings of an input together."""


class PackFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `feature.toml` of a pack."""

    id: str
    """Name of the feature on the command line, in the API and in the docs."""
    name: Mapping[str, str]
    """What users call it, per locale."""
    about: str
    """One sentence for whoever chooses features for a market."""
    role: Role
    """What the partner that answers is to the user."""
    limits: Mapping[str, Limits]
    """Limits per locale; the locales listed here are the ones the pack is written for."""
    example: Mapping[str, Mapping[str, object]]
    """A valid input per locale, for the docs and for a first call."""
    world: tuple[str, ...] = ()
    """Fields of the input whose words others wrote: they are cleaned, and what speaks to a model in
    them is left out."""
    streams: bool = False
    """Whether the text of an answer may be shown as it comes, though a check may take it back."""
    checks: tuple[CheckUse, ...] = ()
    """What must hold of each answer, in this order."""
    derive: tuple[DeriveUse, ...] = ()
    """Fields of the output that are computed from the others, in this order."""


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A feature pack as read from its folder."""

    file: PackFile
    """What `feature.toml` says."""
    folder: Path
    """Where the pack was read from."""
    input_schema: Schema
    """JSON Schema 2020-12 of a request's `input`."""
    output_schema: Schema
    """JSON Schema 2020-12 of an answer's `output`."""

    @property
    def id(self) -> str:
        """Name of the feature."""
        return self.file.id

    @property
    def locales(self) -> tuple[str, ...]:
        """The locales the pack is written for, in the file's order."""
        return tuple(self.file.limits)

    @property
    def digest(self) -> str:
        """Digest of every file of the pack, by path: one that was changed is another pack."""
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        files = {
            path.relative_to(self.folder).as_posix(): digest(path.read_bytes()) for path in paths
        }
        return digest(canonical(files))

    def prompt(self, locale: str, partner: str, model: str, *, simulated: bool = False) -> Prompt:
        """Return the prompt for *locale* and this model.

        The first of `prompts/PARTNER/MODEL/LOCALE.toml`, `prompts/PARTNER/LOCALE.toml` and
        `prompts/LOCALE.toml` is taken; for a simulated partner `prompts/simulated/LOCALE.toml`
        stands in place of the last. Another language is never taken in its place.

        Raises:
            NotFound: none of the three is there.
        """
        prompts = self.folder / "prompts"
        shared = prompts / "simulated" if simulated else prompts
        places = (prompts / partner / model, prompts / partner, shared)
        for place in places:
            path = place / f"{locale}.toml"
            if path.is_file():
                prompt = read_toml(path, Prompt)
                require_sound_prompt(prompt, self.file.example[locale], path)
                return prompt
        raise NotFound(
            f"feature `{self.id}` has no prompt for `{locale}` and `{partner}/{model}`",
            hint=f"write `{prompts / f'{locale}.toml'}`; no other locale stands in for it",
        )


def packaged() -> Path:
    """Return the folder of the feature packs that come with the product."""
    return Path(str(files("pratique") / "content" / "features"))


def find_packs(folders: Sequence[Path]) -> dict[str, Path]:
    """Return each feature's folder; a folder earlier in *folders* stands before a later one."""
    found: dict[str, Path] = {}
    for folder in folders:
        for file in sorted(folder.glob("*/feature.toml")):
            found.setdefault(file.parent.name, file.parent)
    return dict(sorted(found.items()))


def read_pack(folder: Path) -> Pack:
    """Return the pack in *folder*, checked as a whole.

    Raises:
        NotFound: a file is missing.
        Malformed: a file is not what it should be; the error names it.
    """
    path = folder / "feature.toml"
    file = read_toml(path, PackFile)
    if file.id != folder.name or not _ID.fullmatch(file.id):
        raise Malformed(
            f"id `{file.id}` is not the folder's name `{folder.name}`", path=path, line=1
        )
    require_known_checks(file.checks, path)
    require_known_derivations(file.derive, path)
    pack = Pack(
        file=file,
        folder=folder,
        input_schema=_schema(folder / "input.schema.json"),
        output_schema=_schema(folder / "output.schema.json"),
    )
    for locale in pack.locales:
        _require_locale(pack, locale, path)
    known = properties(pack.input_schema)
    for name in file.world:
        if name not in known:
            raise Malformed(
                f"`world` names `{name}`, which is no field of the input",
                hint=f"fields: {', '.join(known)}",
                path=path,
            )
    return pack


def properties(schema: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
    """Return the fields that a schema names."""
    found = schema.get("properties")
    # A pack's schemas are checked when it is read: a field is described by an object.
    return (
        cast("Mapping[str, Mapping[str, object]]", found)
        if isinstance(found, (dict, Mapping))
        else {}
    )


def _require_locale(pack: Pack, locale: str, path: Path) -> None:
    for table in ("name", "example"):
        if locale not in getattr(pack.file, table):
            raise Malformed(f"`{table}` has no entry for locale `{locale}`", path=path)
    try:
        jsonschema_rs.validate(pack.input_schema, pack.file.example[locale])
    except jsonschema_rs.ValidationError as error:
        raise Malformed(
            f"the example for `{locale}` is no valid input: {error.message}", path=path
        ) from None


def _schema(path: Path) -> Schema:
    try:
        schema = msgspec.json.decode(path.read_bytes(), type=Schema)
        jsonschema_rs.meta.validate(schema)
    except FileNotFoundError:
        raise NotFound(
            f"no file `{path}`", hint="a feature pack has input and output schemas"
        ) from None
    except msgspec.DecodeError as error:
        raise Malformed(f"not JSON: {error}", path=path) from None
    except jsonschema_rs.ValidationError as error:
        raise Malformed(f"not a JSON Schema: {error.message}", path=path) from None
    return schema
