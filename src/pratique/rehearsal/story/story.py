"""The story from its first chapter to its last."""

import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import msgspec

from pratique.rehearsal.story import cast, change, filing, others, primary, rollout, signing
from pratique.rehearsal.story.again import Again, beside
from pratique.rehearsal.story.desk import CommandLine, Desk
from pratique.rehearsal.story.others import Climbed
from pratique.rehearsal.story.primary import Course
from pratique.rehearsal.story.ramp import Look, Ramp
from pratique.rehearsal.story.reading import Found
from pratique.rehearsal.story.report import write_reports
from pratique.rehearsal.story.road import Link, walk_back
from pratique.rehearsal.story.samples import write_suites
from pratique.rehearsal.story.telling import Step, Telling

BEGINS = date(2027, 1, 4)
"""First day of the story."""

STANDARDS = ("pilot", "launch", "support")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The whole story."""

    seed: int
    """Seed of partners and devices."""
    steps: tuple[Step, ...]
    """What was shown."""
    first: tuple[Found, ...]
    """Findings of the first assessment."""
    later: tuple[Found, ...]
    """Findings of the second."""
    course: Course
    """How the primary partner came along."""
    climbed: Mapping[str, tuple[Climbed, ...]]
    """Load steps, by model."""
    gates: tuple[filing.Gate, ...]
    """Tests on the banks."""
    looks: tuple[Look, ...]
    """The ramp."""
    road: tuple[Link, ...]
    """From an answer back to the evidence."""
    verified: tuple[str, ...]
    """What `pratique verify` said."""
    again: tuple[Again, ...]
    """Every figure of the story, beside what `verify --figures` made of what was kept."""
    requests: Mapping[str, int]
    """Requests of devices, by what they were told."""
    commands: tuple[str, ...]
    """Every command, as it would be typed."""
    seconds: float
    """Time that it took."""
    reports: tuple[Path, ...] = ()
    """The reports."""

    @property
    def document(self) -> Mapping[str, object]:
        """The story as one document: the same for a seed, but for `seconds`."""
        return {
            "version": 1,
            "simulated": True,
            "seed": self.seed,
            "ok": self.ok,
            "steps": [{**msgspec.to_builtins(one), "ok": one.ok} for one in self.steps],
            "first": self.first,
            "later": self.later,
            "progress": self.course,
            "load": self.climbed,
            "tests": self.gates,
            "ramp": self.looks,
            "road": self.road,
            "requests": self.requests,
            "verified": self.verified,
            "figures": [{**msgspec.to_builtins(one), "ok": one.ok} for one in self.again],
            "seconds": round(self.seconds, 1),
        }

    @property
    def ok(self) -> bool:
        """Whether every step came to what it must."""
        return all(one.ok for one in self.steps)


def story(folder: Path, seed: int, command_line: CommandLine, say: Callable[[str], None]) -> Told:
    """Tell the story in *folder*, which must be new or empty.

    Raises:
        PratiqueError: a step could not be carried out, or the next one cannot follow.
    """
    began = time.monotonic()
    desk, telling = Desk(folder.absolute(), command_line, BEGINS), Telling(say)
    say(f"simulated, seed {seed}: invented partners, devices and time; workspace `{folder}`")
    _open(desk, seed)
    first = primary.choose_primary(desk, telling, seed)
    course = primary.build_together(desk, telling, seed)
    later = others.assess_others(desk, telling, seed)
    climbed = others.try_support(desk, telling, seed)
    others.retire(desk, telling)
    chosen = others.choose(desk, telling)
    gates = filing.fill_banks(desk, telling, seed)
    filed = filing.file_all(desk, telling, seed)
    signing.make_people(desk)
    filing.switch_on_too_early(desk, telling, chosen)
    filing.approve(desk, telling, filed)
    ramp = Ramp(desk, telling, seed)
    rollout.begin(ramp)
    rollout.regress(ramp)
    rollout.mend(ramp, seed)
    rollout.finish(ramp)
    change.swap(ramp)
    change.switch(ramp)
    road = walk_back(ramp)
    for look in ramp.looks:
        telling.cite(look.about, look.figures)
    for release, answers in sorted(ramp.crowd.answered.items()):
        telling.cite(release, {"requests": answers})
    verified, again = _prove(desk, telling)
    told = Told(
        seed=seed,
        steps=tuple(telling.steps),
        first=first,
        later=later,
        course=course,
        climbed=climbed,
        gates=gates,
        looks=tuple(ramp.looks),
        road=road,
        verified=verified,
        again=again,
        requests=dict(sorted(ramp.crowd.told.items())),
        commands=tuple(one.replace(str(desk.folder), ".") for one in desk.commands),
        seconds=time.monotonic() - began,
    )
    return msgspec.structs.replace(told, reports=write_reports(desk.folder, told))


def _open(desk: Desk, seed: int) -> None:
    """Make the workspace and write its partners, standards and suites, as an operator does."""
    desk.make()
    for partner in cast.PARTNERS:
        desk.write(f"partners/{partner}.toml", cast.partner_file(partner, seed))
    for name in STANDARDS:
        text = (cast.content() / "standards" / f"{name}.toml").read_text(encoding="utf-8")
        desk.write(f"standards/{name}.toml", text)
    write_suites(desk.folder / "suites", seed)


def _prove(desk: Desk, telling: Telling) -> tuple[tuple[str, ...], tuple[Again, ...]]:
    """Verify everything offline, and hold every figure told to what it makes of what was kept."""
    telling.begin("proved")
    verified = desk.run("verify", "--figures")
    telling.see(
        "verified",
        desk.today,
        "nothing was changed",
        "nothing was changed" if verified.code == 0 else "something was changed",
        "pratique verify",
    )
    again = beside(telling.cited, verified.document)
    telling.see(
        "figures_again",
        desk.today,
        "all the same",
        ", ".join(f"{one.about}: {one.name}" for one in again if not one.ok) or "all the same",
        "pratique verify --figures",
        told=len(again),
    )
    found = msgspec.convert(verified.document, _Verified)
    said = (
        f"ledger: {found.entries} decisions, {found.sealed} under a signed checkpoint",
        f"snapshots: {found.snapshots}, approvals: {found.approvals}, packs: {found.packs}",
        f"made again: {found.findings} findings, {found.forecasts} forecasts,"
        f" {found.capacities} verdicts on support, {found.trials} tests,"
        f" {found.evaluations} evaluations of halt rules",
        *found.faults,
    )
    return said, again


class _Verified(msgspec.Struct, frozen=True, kw_only=True):
    entries: int
    sealed: int
    snapshots: int
    approvals: int
    packs: int
    findings: int
    trials: int
    forecasts: int
    capacities: int
    evaluations: int
    faults: tuple[str, ...]
