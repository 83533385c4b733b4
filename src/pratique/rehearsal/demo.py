"""The demo: the whole loop in a new folder, each step with what was expected and what was seen."""

import asyncio
import hashlib
import re
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer, read_packs
from pratique.assessment.choose import choose
from pratique.assessment.decisions import Assessment
from pratique.assessment.planning import Plan, plan
from pratique.assessment.report import write_report
from pratique.assessment.selection import Choice, Selection
from pratique.assessment.summary import findings_table, selection_lines
from pratique.errors import NotAllowed
from pratique.evals.cells import Cell
from pratique.filing.approvals import Approval
from pratique.filing.approving import enter_approval
from pratique.filing.changes import changes_since
from pratique.filing.file import file_selection
from pratique.filing.filings import Filing
from pratique.rehearsal.caller import Caller, running
from pratique.rehearsal.tamper import flipped_snapshot
from pratique.rollout import pack_steps, steps
from pratique.rollout.cohorts import is_in
from pratique.rollout.gate import Context, Refusal, ask
from pratique.rollout.verify import Verified, verify
from pratique.serving.variant import Variant, digest_of, frozen
from pratique.store import snapshots
from pratique.workspace.init import init
from pratique.workspace.opened import Opened, database_path

MARKET = "CN"

DECISION_SECONDS = 2.0
"""Within this time a decision counts on every service that runs."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the demo shows."""

    step: str
    """What was done."""
    expected: str
    """What must come of it."""
    observed: str
    """What came of it."""

    @property
    def ok(self) -> bool:
        """Whether they agree."""
        return self.expected == self.observed


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo came to."""

    workspace: Path
    """Folder of the workspace."""
    plan: Plan
    """What was planned."""
    assessment: Assessment
    """What was found."""
    selection: Selection
    """Who serves."""
    filing: Filing | None
    """What was filed; None when nothing met its bar."""
    approval: Approval | None
    """The approval, for practice."""
    steps: tuple[Step, ...]
    """What was shown."""
    verified: Verified
    """What the last verification found."""
    report: Path
    """The HTML report."""
    seconds: float
    """Time that all of it took."""

    @property
    def ok(self) -> bool:
        """Whether something is served, every step went as expected and nothing was changed."""
        return self.filing is not None and all(step.ok for step in self.steps) and self.verified.ok


class Teller(Protocol):
    """Where the demo tells what it does."""

    def say(self, line: str) -> None:
        """Tell one line."""
        ...

    def live(self, planned: Plan) -> AbstractContextManager[Callable[[Sequence[Cell]], None]]:
        """Show the progress of an assessment."""
        ...


def demo(folder: Path, teller: Teller) -> Shown:
    """Play the whole loop in *folder*, which must be new or empty.

    Raises:
        PratiqueError: a step could not be carried out.
    """
    started = time.monotonic()
    teller.say(f"1. init: a workspace for market {MARKET}, for rehearsal")
    workspace = init(folder, rehearsal=True)
    opened = Opened(workspace)
    try:
        pack_steps.begin(opened)
        planned, assessment, report = _assess(opened, teller)
        selection = _select(opened, teller)
        filing: Filing | None = None
        approval: Approval | None = None
        shown: tuple[Step, ...] = ()
        if selection.served:
            filing, approval, shown = _carry_through(opened, selection, teller)
        else:
            teller.say("nothing met its bar: nothing is filed, and nothing can be on")
        verified = verify(opened)
        teller.say("8. verify, offline")
        for line in [*verified.sentences(), *verified.faults]:
            teller.say(f"   {line}")
    finally:
        opened.close()
    return Shown(
        workspace=workspace.folder,
        plan=planned,
        assessment=assessment,
        selection=selection,
        filing=filing,
        approval=approval,
        steps=shown,
        verified=verified,
        report=report,
        seconds=time.monotonic() - started,
    )


def _assess(opened: Opened, teller: Teller) -> tuple[Plan, Assessment, Path]:
    planned = plan(opened.workspace, offer(opened.workspace, MARKET), seed=1)
    samples = sum(len(suite.samples) for suite in planned.suites.values())
    teller.say(
        f"2. assess: {len(planned.offer.candidates)} candidates, {len(planned.suites)} suites with"
        f" {samples} samples; a finding that is certain stops calling"
    )
    for line in planned.offer.left_out:
        teller.say(f"   {line}")
    with teller.live(planned) as progress:
        assessment = asyncio.run(assess(opened, planned, progress))
    report = opened.workspace.folder / "report.html"
    write_report(report, planned, assessment)
    calls = sum(one.calls for one in assessment.findings)
    teller.say("3. findings")
    for line in findings_table(assessment.findings):
        teller.say(f"   {line}")
    teller.say(f"   {calls} calls, where full runs take {planned.full_calls}; report: {report}")
    return planned, assessment, report


def _select(opened: Opened, teller: Teller) -> Selection:
    selection = choose(opened, MARKET)
    teller.say("4. select: who serves, who was passed over and why")
    for line in selection_lines(selection):
        teller.say(f"   {line}")
    return selection


def _carry_through(
    opened: Opened, selection: Selection, teller: Teller
) -> tuple[Filing, Approval, tuple[Step, ...]]:
    """File, approve, roll out and tamper, with the service running beside."""
    filing = file_selection(opened, MARKET, draft=True)
    teller.say(
        f"5. file: draft `{filing.id}`, {len(filing.variants)} variants frozen; pack `{filing.pack}`"
    )
    scene = _Scene(opened, selection.served[0], filing, teller)
    with running(opened.workspace.folder, MARKET) as caller:
        teller.say("6. approve and roll out, asking the service by HTTP")
        approval = scene.roll_out(caller)
        teller.say("7. the spine: nothing runs that was not approved exactly as it runs")
        scene.hold(caller)
    return filing, approval, tuple(scene.steps)


class _Scene:
    """The steps on one feature and locale, in order."""

    def __init__(self, opened: Opened, choice: Choice, filing: Filing, teller: Teller) -> None:
        self.opened = opened
        self.choice = choice
        self.filing = filing
        self.teller = teller
        self.steps: list[Step] = []
        self.rules = steps.gate_rules(opened, MARKET)
        self.request = offer_example(opened, choice)

    def see(self, step: str, expected: str, observed: str) -> None:
        """Note what was expected and what was seen."""
        one = Step(step=step, expected=expected, observed=observed)
        self.steps.append(one)
        self.teller.say(
            f"   {'✓' if one.ok else '✗'} {step}: {observed}"
            + ("" if one.ok else f", expected {expected}")
        )

    def context(self, key: str) -> Context:
        """Return the context of a device of this market."""
        return Context(
            device_region=self.rules.market.device_regions[0],
            account_region=self.rules.market.account_regions[0],
            targeting_key=key,
        )

    def asked(self, caller: Caller, key: str, expected: str) -> str:
        """Ask the service for the feature until it answers *expected*, within the time it has.

        A decision counts on a running service within `DECISION_SECONDS`.
        """
        body = {"input": self.request, "locale": self.choice.locale, "context": self.context(key)}
        ends = time.monotonic() + DECISION_SECONDS
        while True:
            word = caller.ask(self.choice.feature, msgspec.to_builtins(body)).word
            if word == expected or time.monotonic() >= ends:
                return word
            time.sleep(0.05)

    def roll_out(self, caller: Caller) -> Approval:
        """Show the refusal, enter the approval, start the release and ask as two devices."""
        name = f"{self.choice.feature} {self.choice.locale}"
        self.see(
            f"ask for {name} before any approval",
            "not_approved",
            self.asked(caller, "device-0", "not_approved"),
        )
        self.see(
            f"start a rollout of {name} before any approval",
            "refused",
            self.started(self.choice.digest),
        )
        today = self.opened.clock().date()
        answer = self.opened.workspace.state / "answer-for-practice.txt"
        answer.write_text(
            f"Invented for a rehearsal: filing {self.filing.id} may go on. No regulator wrote this.\n"
        )
        approval = enter_approval(
            self.opened,
            self.filing.id,
            number=f"REHEARSAL-{self.filing.id}",
            issued=today,
            expires=today + timedelta(days=90),
            document_sha256=hashlib.sha256(answer.read_bytes()).hexdigest(),
        )
        self.teller.say(
            f"   approval `{approval.number}` until {approval.expires}, entered by {approval.entered_by}, simulated"
        )
        self.see(
            f"start a rollout of {name} with the approval",
            "started",
            self.started(self.choice.digest),
        )
        self.inside, outside = self.devices()
        self.see(
            f"ask as a device in the cohort of stage {self.rules.market.stages[0].name}",
            "ok",
            self.asked(caller, self.inside, "ok"),
        )
        self.see(
            "ask as a device outside it",
            "not_in_stage",
            self.asked(caller, outside, "not_in_stage"),
        )
        return approval

    def devices(self) -> tuple[str, str]:
        """Return a device inside the first stage's cohort and one outside."""
        fraction = self.rules.market.stages[0].user_fraction
        keys = [f"device-{n}" for n in range(2_000)]
        inside = next(key for key in keys if is_in(MARKET, self.choice.feature, key, fraction))
        outside = next(key for key in keys if not is_in(MARKET, self.choice.feature, key, fraction))
        return inside, outside

    def started(self, digest: str | None) -> str:
        """Try to start the release of *digest*; say whether it was."""
        try:
            steps.start(self.opened, self.rules, digest or "")
        except NotAllowed:
            return "refused"
        return "started"

    def hold(self, caller: Caller) -> None:
        """Edit the prompt, tamper with the snapshot and let the approval run out."""
        self.edit_prompt(caller)
        digest = self.choice.digest or ""
        with flipped_snapshot(database_path(self.opened.workspace), digest):
            self.see(
                "change one bit of the released snapshot, and ask",
                "not_approved",
                self.asked(caller, self.inside, "not_approved"),
            )
            faults = [fault for fault in verify(self.opened).faults if digest in fault]
            self.see(
                "what `verify` says of it",
                "names the snapshot",
                "names the snapshot" if faults else "nothing",
            )
        self.see("put the bit back, and ask", "ok", self.asked(caller, self.inside, "ok"))
        later = self.opened.clock() + timedelta(days=91)
        with self.opened.database.connect() as connection:
            found = ask(
                connection,
                self.rules,
                self.choice.feature,
                self.choice.locale,
                self.context(self.inside),
                later,
            )
        word = found.reason if isinstance(found, Refusal) else "admitted"
        self.see("ask the gate 91 days later, when the approval has run out", "not_approved", word)

    def edit_prompt(self, caller: Caller) -> None:
        """Change the prompt in the workspace: a new candidate, while the release goes on."""
        edited = edited_variant(self.opened, self.choice)
        changes = changes_since(self.opened, MARKET, self.filing.id)
        mine = [
            one
            for one in changes
            if (one.feature, one.locale) == (self.choice.feature, self.choice.locale)
        ]
        parts = ", ".join(f"{one.part}: {one.kind}" for one in mine) or "nothing"
        self.see(
            "add one space to the prompt in the workspace",
            "another digest",
            "another digest" if digest_of(edited) != self.choice.digest else "the same digest",
        )
        self.teller.say(f"     what changed since the filing: {parts}")
        with self.opened.database.begin() as connection:
            digest = snapshots.put(connection, frozen(edited), "variant")
        self.see("release the edited variant", "refused", self.started(digest))
        self.see(
            "ask meanwhile: the release goes on as it was",
            "ok",
            self.asked(caller, self.inside, "ok"),
        )
        shutil.rmtree(own_pack(self.opened, self.choice))
        now = offer(self.opened.workspace, MARKET).variant(
            self.choice.feature, self.choice.locale, self.choice.serves or ""
        )
        self.see(
            "take the space out again",
            "the filed digest",
            "the filed digest" if digest_of(now) == self.choice.digest else "another digest",
        )


def offer_example(opened: Opened, choice: Choice) -> Mapping[str, object]:
    """Return the example request of the chosen feature."""
    pack = read_packs(opened.workspace, [choice.feature])[0]
    return pack.file.example[choice.locale]


def own_pack(opened: Opened, choice: Choice) -> Path:
    """Return where the workspace's own copy of the chosen feature's pack is."""
    return opened.workspace.folder / "features" / choice.feature


def edited_variant(opened: Opened, choice: Choice) -> Variant:
    """Copy the feature's pack into the workspace, add one space to its prompt, return its variant."""
    pack = read_packs(opened.workspace, [choice.feature])[0]
    own = own_pack(opened, choice)
    if pack.folder != own:
        shutil.copytree(pack.folder, own)
    model = (choice.serves or "").split("/")
    prompts = own / "prompts"
    places = [prompts.joinpath(*model), prompts / model[0], prompts]
    path = next(
        place / f"{choice.locale}.toml"
        for place in places
        if (place / f"{choice.locale}.toml").is_file()
    )
    text = path.read_text(encoding="utf-8")
    one_more_space = re.sub(r"^user = ('{3}|')", r"user = \1 ", text, count=1, flags=re.MULTILINE)
    path.write_text(one_more_space, encoding="utf-8")
    return offer(opened.workspace, MARKET).variant(
        choice.feature, choice.locale, choice.serves or ""
    )


def sample_call(shown: Shown) -> tuple[str, Mapping[str, object]]:
    """Return a feature that is on, and a request that it answers."""
    choice = shown.selection.served[0]
    market = shown.plan.offer.market
    fraction = market.stages[0].user_fraction
    keys = (f"device-{n}" for n in range(100_000))
    inside = next(key for key in keys if is_in(MARKET, choice.feature, key, fraction))
    pack = next(one for one in shown.plan.offer.packs if one.id == choice.feature)
    context = Context(
        device_region=market.device_regions[0],
        account_region=market.account_regions[0],
        targeting_key=inside,
    )
    body = {"locale": choice.locale, "input": pack.file.example[choice.locale], "context": context}
    return choice.feature, msgspec.to_builtins(body)
