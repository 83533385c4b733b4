"""The catalogue: each partner and its models, as files of data."""

from collections.abc import Mapping, Sequence
from datetime import date
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotFound, names_near
from pratique.partners.dialect import (
    Capabilities,
    Clocks,
    Dialect,
    Limits,
    Price,
    Region,
    Retirement,
)
from pratique.partners.simulation import Simulation
from pratique.settings.toml import read_toml

Weights = Literal["unmodified_api", "modified", "self_hosted", "on_device", "rules_only"]
"""Whose weights run where: a filed model as it is by its interface, a modified one, one that we
host, one on the device, or no model at all."""


SIMULATED = "simulated-"
"""How the id of an invented partner begins: the mark then stands wherever a result of it is shown."""


class ModelEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of a partner."""

    id: str
    """Name of the model below its partner."""
    about: str
    """What it is, in one sentence."""
    engine: Literal["rules", "llama", "ocr", "remote", "simulated"] = "remote"
    """What runs it: rules of ours, llama.cpp inside the process, the partner's own servers, or an
    invented behaviour for rehearsals."""
    snapshot: str = ""
    """What pins its behaviour: the SHA-256 of its weights, the revision of its rules, or what the
    partner says of its version; for a remote model its own name when empty."""
    regions: tuple[str, ...] = ()
    """Regions of the partner that offer it; all of them when empty."""
    upstream: str = ""
    """What the partner's wire calls it; its `id` when empty."""
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
    capabilities: Capabilities = Capabilities()
    """What it can do, as its documentation says."""
    limits: Limits = Limits()
    """How much it takes."""
    clocks: Clocks = Clocks()
    """How long a stream of it may be silent."""
    simulation: Simulation | None = None
    """How it behaves, if it is invented."""
    prices: tuple[Price, ...] = ()
    """What it costs."""
    retires: Retirement | None = None
    """When it will be switched off, if that was announced."""
    judges: Literal["", "qwen3guard", "llamaguard"] = ""
    """Format in which it judges content, for the role `safeguard`; empty where it answers."""


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
    wire: Literal["", "openai"] = ""
    """How its servers are called; empty where everything runs inside the process."""
    key_variable: str = ""
    """Environment variable of its key; empty where it takes none."""
    key_needed: bool = True
    """Whether it refuses calls without a key."""
    regions: tuple[Region, ...] = ()
    """Where it answers; the first serves unless the workspace says otherwise."""
    dialect: Dialect = Dialect()
    """How its wire differs."""
    documentation: str = ""
    """Its own documentation."""
    read: date | None = None
    """When its documentation was last read."""


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
        needed = {"llama": ("xllamacpp", self.model.package), "ocr": ("rapidocr", "onnxruntime")}
        packages = needed.get(self.model.engine, ())
        return all(find_spec(package) is not None for package in packages)


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
            found.setdefault(partner.id, _pinned(partner))
    return found


def _pinned(partner: Partner) -> Partner:
    """Return *partner* with a snapshot for each model: a remote one is pinned by its name alone."""
    models = (
        model
        if model.snapshot
        else msgspec.structs.replace(model, snapshot=f"api:{model.upstream or model.id}")
        for model in partner.models
    )
    return msgspec.structs.replace(partner, models=tuple(models))


def _require_sound(partner: Partner, path: Path) -> None:
    if partner.id != path.stem:
        raise Malformed(
            f"id `{partner.id}` is not the file's name `{path.stem}`", path=path, line=1
        )
    if partner.simulated != partner.id.startswith(SIMULATED):
        raise Malformed(
            f"id `{partner.id}`: `{SIMULATED}` stands before what is simulated, and nothing else",
            path=path,
        )
    ids = [model.id for model in partner.models]
    twice = {one for one in ids if ids.count(one) > 1}
    if twice:
        raise Malformed(f"model `{min(twice)}` stands twice", path=path)
    for model in partner.models:
        if model.engine == "remote" and not partner.wire:
            raise Malformed(f"model `{model.id}` is remote, but `wire` is empty", path=path)
        if model.engine in ("rules", "llama", "ocr") and not model.snapshot:
            raise Malformed(f"model `{model.id}` has no `snapshot`", path=path)
        places = {region.id for region in partner.regions}
        strange = sorted(set(model.regions) - places)
        if strange:
            raise Malformed(f"model `{model.id}` names no region `{strange[0]}`", path=path)
    if partner.wire and not partner.regions:
        raise Malformed(f"`{partner.id}` has a wire and no `[[regions]]`", path=path)


def find_candidate(partners: Mapping[str, Partner], name: str) -> Candidate:
    """Return the model called *name* (`partner/model`).

    Raises:
        NotFound: no partner or model has that name.
    """
    partner_id, _, model_id = name.partition("/")
    partner = partners.get(partner_id)
    for model in partner.models if partner else ():
        if partner and model.id == model_id:
            return Candidate(partner=partner, model=model)
    near = partners if partner is None else {partner_id: partner}
    known = [f"{one.id}/{model.id}" for one in near.values() for model in one.models]
    raise NotFound(f"no model `{name}`", hint=names_near(name, known, "pratique partner list"))
