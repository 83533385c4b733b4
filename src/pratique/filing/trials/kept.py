"""Kept trials: what was asked, what each judge said of each answer, and what was mended."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Boolean, Column, Connection, ForeignKey, Integer, Table, Text, insert, select

from pratique.errors import NotFound
from pratique.filing.trials.findings import GateFinding
from pratique.store.canonical import canonical, digest
from pratique.store.moments import stamp
from pratique.store.schema import metadata

trials = Table(
    "trials",
    metadata,
    Column("id", Text, primary_key=True),
    Column("market", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("body", Text, nullable=False),
)

verdicts = Table(
    "trial_verdicts",
    metadata,
    Column("trial", Text, ForeignKey("trials.id"), primary_key=True),
    Column("gate", Text, primary_key=True),
    Column("run", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("question", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("why", Text, nullable=False),
)
"""What a judge said of one answer; the answer itself is among the outcomes of the run."""

fixes = Table(
    "trial_fixes",
    metadata,
    Column("trial", Text, ForeignKey("trials.id"), primary_key=True),
    Column("question", Text, primary_key=True),
    Column("at", Text, primary_key=True),
    Column("who", Text, nullable=False),
    Column("fix", Text, nullable=False),
)
"""What was done about a question that failed."""


class AskedRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One variant asked some questions of one bank."""

    run: str
    """Run among the outcomes."""
    bank: str
    """Bank that the questions are from."""
    feature: str
    """Feature."""
    locale: str
    """Locale."""
    candidate: str
    """`partner/model`."""
    digest: str
    """Digest of the variant."""
    suite: str
    """Digest of the questions as they were asked."""
    questions: int
    """How many."""


class BankUsed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bank that questions were drawn from."""

    bank: str
    """Bank."""
    digest: str
    """Hash of its entries."""
    starter: bool
    """Whether it is the modest set that comes with the product."""
    askable: int
    """Entries that could be drawn: they count, and some variant takes their locale."""
    drawn: int
    """Entries that were."""


class Trial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The market's tests of output, carried out once."""

    version: int = 1
    """Version of this record."""
    market: str
    """Market."""
    regime: str
    """Rules that say what is asked."""
    seed: int
    """Seed of the drawing."""
    simulated: bool
    """Whether an invented partner answered."""
    banks: tuple[BankUsed, ...]
    """Where the questions are from."""
    keywords: str
    """Whose words the keyword judge knows: `bank`, or `screening starter`."""
    judges: tuple[tuple[str, str], ...]
    """What pins the judge of each gate."""
    runs: tuple[AskedRun, ...]
    """Who was asked what."""
    findings: tuple[GateFinding, ...]
    """What each test came to; that of people is made from their sheets, when they are back."""
    left_out: tuple[str, ...]
    """Features, locales and tests that were not tried, each with the reason."""
    verdicts: str
    """Hash of everything that the judges said."""

    @property
    def id(self) -> str:
        """Name of the trial, derived from all of the above."""
        return "trial-" + digest(canonical(self)).removeprefix("sha256:")[:16]

    def finding(self, gate: str) -> GateFinding | None:
        """Return what *gate* came to; None where it was not carried out."""
        return next((one for one in self.findings if one.gate == gate), None)


class Verdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the judge of one gate said of one answer."""

    gate: str
    """Gate."""
    run: str
    """Run of the answer."""
    position: int
    """Place in the run."""
    question: str
    """Entry of the bank."""
    place: str
    """Its risk or aspect."""
    answer: str
    """Hash of what was judged: the outcome, and what a user would read."""
    counted: bool
    """Whether it counts towards the gate's share."""
    why: str
    """What the judge went by."""


class Fix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was done about a question that failed."""

    trial: str
    """Trial in which it failed."""
    question: str
    """Entry of the bank."""
    at: str
    """When it was noted."""
    who: str
    """Who noted it."""
    fix: str
    """What was done, in their words."""


def hash_of(said: Sequence[Verdict]) -> str:
    """Return the hash of everything that the judges said."""
    return digest(msgspec.json.encode(said))


def keep_trial(
    connection: Connection, trial: Trial, said: Sequence[Verdict], now: datetime
) -> None:
    """Keep *trial* and what its judges said; the very same is kept once."""
    name = trial.id
    if connection.scalar(select(trials.c.id).where(trials.c.id == name)) is not None:
        return
    body = canonical(trial).decode()
    connection.execute(
        insert(trials).values(id=name, market=trial.market, at=stamp(now), body=body)
    )
    if said:
        rows = [{"trial": name, **msgspec.structs.asdict(one)} for one in said]
        connection.execute(insert(verdicts), rows)


def trials_kept(connection: Connection, market: str | None = None) -> list[tuple[str, Trial]]:
    """Return every trial with the name that it is kept under, oldest first."""
    query = select(trials.c.id, trials.c.market, trials.c.body).order_by(trials.c.at, trials.c.id)
    return [
        (row.id, msgspec.json.decode(row.body, type=Trial))
        for row in connection.execute(query)
        if market is None or row.market == market
    ]


def trial_called(connection: Connection, name: str) -> Trial:
    """Return the trial called *name*.

    Raises:
        NotFound: there is none.
    """
    body = connection.scalar(select(trials.c.body).where(trials.c.id == name))
    if body is None:
        raise NotFound(
            f"no trial `{name[:60]}`", hint="`pratique bank results` shows the latest one"
        )
    return msgspec.json.decode(body, type=Trial)


def verdicts_of(connection: Connection, trial: str) -> list[Verdict]:
    """Return what the judges of *trial* said, in the order in which it is hashed."""
    query = (
        select(verdicts)
        .where(verdicts.c.trial == trial)
        .order_by(verdicts.c.gate, verdicts.c.run, verdicts.c.position)
    )
    names = Verdict.__struct_fields__
    return [Verdict(**{n: row[n] for n in names}) for row in connection.execute(query).mappings()]


def fixes_of(connection: Connection, market: str) -> list[Fix]:
    """Return what was noted about failures of the trials of *market*, oldest first."""
    query = (
        select(fixes)
        .join(trials, trials.c.id == fixes.c.trial)
        .where(trials.c.market == market)
        .order_by(fixes.c.at)
    )
    names = Fix.__struct_fields__
    return [Fix(**{n: row[n] for n in names}) for row in connection.execute(query).mappings()]


def keep_fix(connection: Connection, fix: Fix) -> None:
    """Keep *fix*."""
    connection.execute(insert(fixes).values(msgspec.structs.asdict(fix)))
