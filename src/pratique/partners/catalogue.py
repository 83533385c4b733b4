"""The catalogue: each partner and its models, as files of data."""

from collections.abc import Sequence
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.settings.toml import read_toml

Weights = Literal["unmodified_api", "modified", "self_hosted", "on_device", "rules_only"]
"""Whose weights run where: a filed model as it is by its interface, a modified one, one that we
host, one on the device, or no model at all."""


class ModelEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of a partner."""

    id: str
    """Name of the model below its partner."""
    about: str
    """What it is, in one sentence."""
    engine: Literal["rules", "llama"]
    """What runs it: rules of ours, or llama.cpp inside the process."""
    snapshot: str
    """What pins its behaviour: the SHA-256 of its weights, or the revision of its rules."""
    weights: Weights
    """Whose weights run where; a regime's route depends on it."""
    package: str = ""
    """Python package that carries the weights."""
    file: str = ""
    """File of the weights inside the package; empty when the package assembles it."""
    context_tokens: int = 0
    """Tokens that a call may hold with its answer; 0 when tokens do not apply."""
    licence: str = ""
    """Licence of the weights."""


class Partner(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organisation that offers models, or a place where they run."""

    id: str
    """Name before the slash in `partner/model`."""
    name: str
    """What people call it."""
    models: tuple[ModelEntry, ...]
    """Its models."""
    simulated: bool = False
    """Whether it is invented, for rehearsals."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """One model with its partner."""

    partner: Partner
    """Who offers it."""
    model: ModelEntry
    """The model."""

    @property
    def name(self) -> str:
        """`partner/model`."""
        return f"{self.partner.id}/{self.model.id}"

    @property
    def installed(self) -> bool:
        """Whether everything it needs to run here is installed."""
        needed = ["xllamacpp", self.model.package] if self.model.engine == "llama" else []
        return all(find_spec(package) is not None for package in needed)


def packaged() -> Path:
    """Return the folder of the partners that come with the product."""
    return Path(str(files("pratique") / "content" / "partners"))


def read_partners(folders: Sequence[Path]) -> dict[str, Partner]:
    """Return every partner by id; a file earlier in *folders* stands before a later one."""
    found: dict[str, Partner] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            partner = read_toml(path, Partner)
            _require_sound(partner, path)
            found.setdefault(partner.id, partner)
    return found


def _require_sound(partner: Partner, path: Path) -> None:
    if partner.id != path.stem:
        raise Malformed(
            f"id `{partner.id}` is not the file's name `{path.stem}`", path=path, line=1
        )
    ids = [model.id for model in partner.models]
    twice = {one for one in ids if ids.count(one) > 1}
    if twice:
        raise Malformed(f"model `{min(twice)}` stands twice", path=path)


def find_candidate(partners: dict[str, Partner], name: str) -> Candidate:
    """Return the model called *name* (`partner/model`).

    Raises:
        NotFound: no partner or model has that name.
    """
    partner_id, _, model_id = name.partition("/")
    partner = partners.get(partner_id)
    for model in partner.models if partner else ():
        if partner and model.id == model_id:
            return Candidate(partner=partner, model=model)
    known = ", ".join(f"{p.id}/{m.id}" for p in partners.values() for m in p.models)
    raise NotFound(f"no model `{name}`", hint=f"known: {known}")
