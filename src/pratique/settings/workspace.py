"""The files of a workspace: what an operator writes and keeps in git."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from pratique.errors import Malformed, NotFound
from pratique.settings.toml import read_toml

CONFIGURATION = "pratique.toml"
"""Name of the file that makes a folder a workspace."""


MAX_SIGN_OFF = 1_000
"""Greatest number in `[sign_off]`: people, or hours."""


class Producer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who offers the features to users."""

    name: str
    """The legal entity."""
    code: str
    """Its producer code in implicit labels, 27 characters."""


class Serve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service runs."""

    host: str = "127.0.0.1"
    """Address to listen on; any other than loopback needs API keys."""
    port: int = 8321
    """Port to listen on; 0 takes a free one."""
    deadline_seconds: float = 30.0
    """Longest time that one request may take."""


class Access(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the operator reaches one partner; what is left empty is as the catalogue says."""

    region: str = ""
    """Which of its regions."""
    base_url: str = ""
    """Another address for it, such as a private link."""
    key_variable: str = ""
    """Another environment variable with the key."""
    key_file: str = ""
    """File with the key, seen from the workspace; it is read again when it changes."""


SignOffKind = Literal["approval", "carry_over", "screening_removal", "stage"]
"""A step that people may have to sign: entering an approval, carrying one over to a new digest,
taking rules out of a screening pack, starting or advancing a stage. Halting never waits."""


class SignOffPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many different people must sign a step, by its kind; 0 lets one person decide."""

    approval: int = 2
    """To enter the regulator's answer."""
    carry_over: int = 2
    """To carry an approval over to a changed variant."""
    screening_removal: int = 2
    """To take rules out of a screening pack."""
    stage: int = 0
    """To start a rollout or advance its stage."""
    expires_hours: float = 72.0
    """How long a step may wait for its signatures, and for being taken, in hours."""

    def needed(self, kind: SignOffKind) -> int:
        """Return how many people must sign a step of this *kind*."""
        needed: int = getattr(self, kind)
        return needed


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file `pratique.toml`."""

    name: str
    """What the workspace is called."""
    producer: Producer
    """Who offers the features to users."""
    rehearsal: bool = False
    """Whether drafts may be approved for practice; no other service honours such an approval."""
    now: datetime | None = None
    """What time it is whenever a rehearsal is opened, with its zone; the real time when left out."""
    serve: Serve = Serve()
    """How the service runs."""
    partners: Mapping[str, Access] = {}
    """How partners are reached, by their ids."""
    sign_off: SignOffPolicy = SignOffPolicy()
    """How many people must sign which step."""


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a rollout."""

    name: str
    """Short and stable: it is printed in the evidence pack."""
    user_fraction: float
    """Share of eligible users, above 0 and up to 1."""


Objective = Literal["estimate", "speed", "price", "value"]
"""The highest estimate, the shortest answer time, the lowest price, or all three weighed."""


class Worth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What money and time are worth in points of quality; one point is a hundredth of the samples."""

    money: float = 0.0
    """Points that one unit of currency more for 1,000 requests costs."""
    second: float = 0.0
    """Points that one second more for an answer costs."""


class PartnerFiling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The filing of a partner's own model, as the partner states it."""

    name: str
    """Name of the model in the regulator's public list."""
    number: str
    """Number under which it stands there."""


class Market(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file `markets/ID.toml`: what is offered where, and on whose models."""

    id: str
    """The market's code, such as `CN`."""
    regime: str
    """Its rules, by name."""
    locales: tuple[str, ...]
    """Locales to offer."""
    features: tuple[str, ...]
    """Features to offer."""
    candidates: tuple[str, ...]
    """Models to test, `partner/model`."""
    standard: str
    """The standard they are held to, by name."""
    device_regions: tuple[str, ...]
    """Regions in which a device of this market may have been sold."""
    account_regions: tuple[str, ...]
    """Regions that the user's account may have."""
    stages: tuple[Stage, ...]
    """The steps of a rollout, in order."""
    objective: Objective = "estimate"
    """What decides between candidates that meet the standard."""
    worth: Worth = Worth()
    """What money and time are worth, where the objective is `value`."""
    incumbent: str = ""
    """Who serves now, `partner/model`: the others are held against its kept answers; empty for nobody."""
    safeguards: tuple[str, ...] = ()
    """Models or services whose filters judge the features, `partner/model`, the first one first."""
    support: bool = False
    """Whether only a partner that is known to carry us may serve: `pratique support show`."""
    partner_filings: Mapping[str, PartnerFiling] = {}
    """Filings of partners' models, by `partner/model`; checked against `public-lists/MARKET-DATE.csv`."""
    screening_days: int = 30
    """Days after a screening pack was made on which it may still be used; then screening is off."""


class Workspace(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of settings, with the state that the product keeps beside them."""

    folder: Path
    """Where it is."""
    configuration: Configuration
    """What `pratique.toml` says."""

    @property
    def state(self) -> Path:
        """Folder of the database, the keys and the checkpoints; not for git."""
        return self.folder / "state"

    def content(self, kind: str, packaged: Path) -> list[Path]:
        """Return where content of *kind* is looked for: the workspace, then the product."""
        return [self.folder / kind, packaged]

    def market(self, market: str) -> Market:
        """Return the settings of *market*.

        Raises:
            NotFound: there is no such market here.
            Malformed: its file is not what it should be.
        """
        path = self.folder / "markets" / f"{market}.toml"
        if not path.is_file():
            known = ", ".join(self.markets()) or "none"
            raise NotFound(
                f"no market `{market}` in `{self.folder}`", hint=f"markets here: {known}"
            )
        found = read_toml(path, Market)
        _require_sound(found, path)
        return found

    def markets(self) -> list[str]:
        """Return the markets of this workspace."""
        return sorted(path.stem for path in (self.folder / "markets").glob("*.toml"))


def open_workspace(folder: Path) -> Workspace:
    """Return the workspace in *folder*."""
    path = folder / CONFIGURATION
    configuration = read_toml(path, Configuration)
    policy = configuration.sign_off
    for name in policy.__struct_fields__:
        if not 0 <= getattr(policy, name) <= MAX_SIGN_OFF:
            raise Malformed(f"`sign_off.{name}` must be 0 to {MAX_SIGN_OFF}", path=path)
    if configuration.now and not (configuration.rehearsal and configuration.now.tzinfo):
        raise Malformed(
            f"`now` is {configuration.now.isoformat()}, in a time of its own",
            hint="only a rehearsal may say what time it is, with its zone: `2027-01-04T09:00:00Z`",
            path=path,
        )
    return Workspace(folder=folder, configuration=configuration)


def find_workspace(start: Path) -> Workspace:
    """Return the workspace whose `pratique.toml` is in *start* or nearest above it.

    Raises:
        NotFound: there is none.
    """
    for folder in (start, *start.parents):
        if (folder / CONFIGURATION).is_file():
            return open_workspace(folder)
    raise NotFound(
        f"no `{CONFIGURATION}` in `{start}` or above it",
        hint="`pratique init DIR` makes a workspace; `--workspace DIR` names one",
    )


def _require_sound(market: Market, path: Path) -> None:
    if market.id != path.stem:
        raise Malformed(f"id `{market.id}` is not the file's name `{path.stem}`", path=path, line=1)
    for name in ("locales", "features", "candidates", "stages"):
        values = [v.name if isinstance(v, Stage) else v for v in getattr(market, name)]
        twice = [value for value in values if values.count(value) > 1]
        if not values or twice:
            what = f"`{twice[0]}` stands twice in `{name}`" if twice else f"`{name}` is empty"
            raise Malformed(what, path=path)
    if not 1 <= market.screening_days <= 366:
        raise Malformed(
            f"`screening_days` is {market.screening_days}, which is not 1 to 366", path=path
        )
    if market.worth.money < 0 or market.worth.second < 0:
        raise Malformed("`worth` is below 0: a dearer or slower answer is never better", path=path)
    if market.objective == "value" and market.worth == Worth():
        raise Malformed(
            "objective `value` weighs money and time, and `worth` says nothing of them", path=path
        )
    fractions = [stage.user_fraction for stage in market.stages]
    if fractions != sorted(set(fractions)) or not fractions[0] > 0 or not fractions[-1] <= 1:
        raise Malformed("the stages' `user_fraction` must rise, above 0 and up to 1", path=path)
