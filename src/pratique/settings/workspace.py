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


MAX_HOURS = 168
"""Greatest number of hours between two looks of the watch: a week."""


class Producer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who offers the features to users."""

    name: str
    """The legal entity."""
    code: str
    """Its producer code in implicit labels, 27 characters."""


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much may be asked of the service; 0 in a rate sets no limit."""

    device_per_minute: float = 60.0
    """Requests of one device in the long run."""
    device_burst: int = 20
    """Requests of one device at once."""
    app_per_minute: float = 0.0
    """Requests of one API key in the long run."""
    app_burst: int = 100
    """Requests of one API key at once, where it has a rate."""
    concurrent_requests: int = 512
    """Requests that are answered at once; one more is told to come again."""


class Serve(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service runs."""

    host: str = "127.0.0.1"
    """Address to listen on; any other than loopback needs API keys."""
    port: int = 8321
    """Port to listen on; 0 takes a free one."""
    deadline_seconds: float = 30.0
    """Longest time that one request may take."""
    grace_seconds: float = 30.0
    """How long answers that have begun may go on once the service is told to end."""
    limits: Limits = Limits()
    """How much may be asked."""
    lease_seconds: float = 300.0
    """How long the last known approvals and halts hold while the store does not answer."""
    hedge_percentile: float = 0.0
    """Percentile of a partner's measured time to the first word after which it is asked a second
    time: the faster answer counts, both cost. 95 asks one call in twenty again; 0 never does."""


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


class Store(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where decisions are kept, when not in the file `state/pratique.db`; the address may hold a password."""

    url_variable: str = ""
    """Environment variable with the address, such as `postgresql+psycopg://…`."""
    url_file: str = ""
    """File with the address, seen from the workspace."""


class TelemetrySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where signals go, beside `/metrics` and the log."""

    otlp: str = ""
    """Address of a collector of traces, such as `http://127.0.0.1:4318/v1/traces`; empty for none."""
    share: float = 1.0
    """Share of requests whose spans are sent, from 0 to 1."""


class WatchSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a running service watches by itself."""

    hours: float = 0.0
    """Hours between two looks; 0 leaves them to `pratique watch --once`. One replica is enough."""
    calls: int | None = None
    """Most calls of one look, canaries and confirming runs together; None where none are too many."""


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
    store: Store = Store()
    """Where decisions are kept."""
    partners: Mapping[str, Access] = {}
    """How partners are reached, by their ids."""
    telemetry: TelemetrySettings = TelemetrySettings()
    """Where signals go."""
    watch: WatchSettings = WatchSettings()
    """How a running service watches by itself."""
    sign_off: SignOffPolicy = SignOffPolicy()
    """How many people must sign which step."""


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of a rollout."""

    name: str
    """Short and stable: it is printed in the evidence pack."""
    user_fraction: float
    """Share of eligible users, above 0 and up to 1."""
    least_hours: float = 0.0
    """Shortest time at this stage before the next, in hours."""
    least_requests: int = 0
    """Fewest requests at this stage before the next."""
    sign_off: bool = False
    """Whether a second person must sign off that this stage is left."""


Signal = Literal[
    "complaints", "retractions", "refusals", "check_failures", "errors", "latency", "spend"
]
"""What is counted of each request: a yes or no, or for the last two a figure."""

FIGURES: tuple[Signal, ...] = ("latency", "spend")
"""Signals that are figures, in seconds and in the partner's currency."""


class HaltRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What halts a release by itself: a mean per request above a limit, or worse than before."""

    signal: Signal
    """What is counted."""
    limit: float | None = None
    """Largest mean per request."""
    worse_by: float | None = None
    """Instead: how much larger the mean may be than that of the release before."""
    most: float = 1.0
    """What one request counts at most; 1 for what either happens or not."""


class Ceiling(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A most that may be spent; once it is reached, what would cost more is off till the period ends."""

    per: Literal["day", "month"]
    """Period, by the calendar in UTC."""
    amount: float
    """Most money in it, above 0."""
    currency: str
    """Currency of the partners' prices, such as `CNY`; others are not counted here."""
    partner: str = ""
    """Whose models; empty for all of them together."""
    feature: str = ""
    """For which feature; empty for all of them together."""


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
    locations: tuple[str, ...] = ()
    """Regions in which a device must be when it asks; empty where the market does not mind."""
    stages: tuple[Stage, ...]
    """The steps of a rollout, in order."""
    halt_rules: tuple[HaltRule, ...] = ()
    """What halts a release by itself, and must pass before it advances."""
    halt_error: float = 0.05
    """Probability that any rule halts a release, over its whole ramp, though none is broken."""
    objective: Objective = "estimate"
    """What decides between candidates that meet the standard."""
    worth: Worth = Worth()
    """What money and time are worth, where the objective is `value`."""
    incumbent: str = ""
    """Who serves now, `partner/model`: the others are held against its kept answers; empty for nobody."""
    safeguards: tuple[str, ...] = ()
    """Models or services whose filters judge the features, `partner/model`, the first one first."""
    spend: tuple[Ceiling, ...] = ()
    """Most that may be spent on partners."""
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
    """Return the workspace in *folder*.

    Raises:
        NotFound: there is none.
        Malformed: its file is not what it should be.
    """
    path = folder / CONFIGURATION
    configuration = read_toml(path, Configuration)
    if not 0 <= configuration.telemetry.share <= 1:
        raise Malformed("`telemetry.share` must be 0 to 1", path=path)
    if not 0 <= configuration.watch.hours <= MAX_HOURS:
        raise Malformed(f"`watch.hours` must be 0 to {MAX_HOURS}", path=path)
    if configuration.watch.calls is not None and configuration.watch.calls < 0:
        raise Malformed("`watch.calls` must be 0 or more", path=path)
    _require_sound_limits(configuration.serve.limits, path)
    percentile = configuration.serve.hedge_percentile
    if percentile and not 50 <= percentile < 100:
        raise Malformed(
            f"`serve.hedge_percentile` is {percentile:g}: 0 for never, or from 50 to below 100",
            path=path,
        )
    _require_sound_policy(configuration.sign_off, path)
    if configuration.now and not (configuration.rehearsal and configuration.now.tzinfo):
        raise Malformed(
            f"`now` is {configuration.now.isoformat()}, a time of its own",
            hint="only a rehearsal may say what time it is, with its zone: `2027-01-04T09:00:00Z`",
            path=path,
        )
    return Workspace(folder=folder, configuration=configuration)


def _require_sound_limits(limits: Limits, path: Path) -> None:
    """A rate below 0 or no room at all would refuse everybody, or nobody, by mistake."""
    rates = (limits.device_per_minute, limits.app_per_minute)
    counts = (limits.device_burst, limits.app_burst, limits.concurrent_requests)
    if not all(0 <= rate < float("inf") for rate in rates) or min(counts) < 1:
        raise Malformed("`serve.limits` has a rate below 0, or room for less than one", path=path)


def _require_sound_policy(policy: SignOffPolicy, path: Path) -> None:
    for name in policy.__struct_fields__:
        if not 0 <= getattr(policy, name) <= MAX_SIGN_OFF:
            raise Malformed(f"`sign_off.{name}` must be 0 to {MAX_SIGN_OFF}", path=path)


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
            hint = "`pratique partner list` and `feature list` show what there is"
            raise Malformed(what, hint="" if twice else hint, path=path)
    partners = {name.partition("/")[0] for name in market.candidates}
    for ceiling in market.spend:
        if not 0 < ceiling.amount < float("inf"):
            raise Malformed(
                f"`spend` has the amount {ceiling.amount:g}: must be above 0", path=path
            )
        for name, known in ((ceiling.partner, partners), (ceiling.feature, market.features)):
            if name and name not in known:
                raise Malformed(f"`spend` names `{name}`, which is not in this market", path=path)
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
    if any(stage.least_hours < 0 or stage.least_requests < 0 for stage in market.stages):
        raise Malformed("a stage's least time or sample is below 0", path=path)
    if not 0 < market.halt_error < 1:
        raise Malformed(
            f"`halt_error` is {market.halt_error:g}, must be between 0 and 1", path=path
        )
    signals = [rule.signal for rule in market.halt_rules]
    for rule in market.halt_rules:
        fault = "stands twice" if signals.count(rule.signal) > 1 else _rule_fault(rule)
        if fault:
            raise Malformed(f"the halt rule on `{rule.signal}` {fault}", path=path)


def _rule_fault(rule: HaltRule) -> str:
    bound = rule.limit if rule.worse_by is None else rule.worse_by
    if bound is None or (rule.limit is not None and rule.worse_by is not None):
        return "needs either `limit` or `worse_by`"
    if not 0 < bound < rule.most:
        return f"has the bound {bound:g}, must be above 0 and below `most`, {rule.most:g}"
    if (rule.most != 1.0) and rule.signal not in FIGURES:
        return "counts what happens or not: leave `most` out"
    return ""
