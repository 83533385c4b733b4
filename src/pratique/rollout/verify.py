"""Verifying everything without a network: ledger, snapshots, approvals, packs and figures."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from pratique.assessment.decisions import all_assessments, all_selections
from pratique.assessment.objected import unfounded
from pratique.assessment.recompute import recompute_all
from pratique.assessment.reforecast import reforecast
from pratique.assessment.support.rejudge import rejudge
from pratique.filing.amendments import missing_amendments
from pratique.filing.approvals import Approval, read_approvals
from pratique.filing.banks.recheck import recount
from pratique.filing.filings import Filing, list_filings
from pratique.filing.manifest import manifest_sha256, verify_pack
from pratique.filing.results import trace
from pratique.filing.trials.recheck import recheck
from pratique.ledger.chain import entries
from pratique.rollout.packs import faults as screening_faults
from pratique.rollout.reevaluate import reevaluate
from pratique.store import snapshots
from pratique.store.figures import Figure, Remade
from pratique.workspace.opened import Opened
from pratique.workspace.proof import key_notes, people_faults


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked, and what is wrong."""

    entries: int
    """Entries of the ledger."""
    sealed: int
    """Entries that a signed checkpoint covers."""
    snapshots: int
    """Snapshots."""
    approvals: int
    """Approvals."""
    packs: int
    """Evidence packs."""
    findings: int
    """Findings made again from the kept outcomes."""
    trials: int
    """The market's own tests, made again from what their judges said."""
    forecasts: int
    """Forecasts of partners' progress, made again from the outcomes of each release."""
    capacities: int
    """Verdicts on support, made again from kept requests, tickets and documents."""
    evaluations: int
    """Evaluations of halt rules, made again from the counts that they saw."""
    figures: tuple[Figure, ...]
    """Every figure, as it was made again."""
    notes: tuple[str, ...]
    """What a crash or an edit of the workspace may leave, and is no fault."""
    faults: tuple[str, ...]
    """What is not what it was, one sentence each."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def sentences(self) -> list[str]:
        """Return what was checked, for people."""
        return [
            f"ledger: {self.entries} entries, {self.sealed} under a signed checkpoint",
            f"store: {self.snapshots} snapshots, {self.approvals} approvals, {self.findings} findings made again",
            f"evidence packs: {self.packs}, trials made again: {self.trials}",
            f"made again: {self.forecasts} forecasts, {self.capacities} verdicts on support,"
            f" {self.evaluations} evaluations of halt rules, {len(self.figures)} figures in all",
            *self.notes,
            "nothing was changed" if self.ok else f"{len(self.faults)} fault(s)",
        ]


def verify(opened: Opened) -> Verified:
    """Check everything that the workspace keeps."""
    audit = opened.audit()
    faults = [f"ledger: {one.sentence}" for one in audit.faults]
    faults += people_faults(opened)
    remade = Remade()
    with opened.database.connect() as connection:
        faults += [f"snapshot `{name}` was changed" for name in snapshots.check_all(connection)]
        kept = read_approvals(connection, opened.verifies, opened.workspace.configuration.name)
        faults += [f"approval `{one.id}`: {one.fault}" for one in kept if one.changed]
        faults += missing_amendments(connection)
        assessments = all_assessments(connection)
        selections = all_selections(connection)
        recompute_all(connection, assessments, selections, remade)
        forecasts, capacities = reforecast(connection, remade), rejudge(connection, remade)
        remade.faults += unfounded(connection, selections)
        faults += screening_faults(connection, opened.verifies)
        recount(connection, opened.workspace, remade)
        trials, evaluations = recheck(connection, remade), reevaluate(connection, remade)
        filings = list_filings(connection)
        for one in kept:
            if one.approval and not one.changed:
                _answered(connection, one.id, one.approval, filings, remade)
        count = snapshots.count(connection)
    for filing in filings:
        folder = opened.workspace.folder / filing.pack
        faults += [
            f"filing `{filing.id}`: {fault}" for fault in verify_pack(folder, opened.verifies)
        ]
        if manifest_sha256(folder) != filing.manifest_sha256:
            faults.append(f"filing `{filing.id}`: its manifest is not the one that was recorded")
        trace(folder, filing, assessments, remade)
    return Verified(
        entries=audit.entries,
        sealed=audit.sealed,
        snapshots=count,
        approvals=len(kept),
        packs=len(filings),
        findings=sum(len(one.findings) for one in assessments),
        trials=trials,
        forecasts=forecasts,
        capacities=capacities,
        evaluations=evaluations,
        figures=tuple(remade.figures),
        notes=(*key_notes(opened), *audit.notes, *remade.notes),
        faults=(*faults, *remade.faults),
    )


def _answered(
    connection: Connection, name: str, given: Approval, filings: Sequence[Filing], remade: Remade
) -> None:
    """Tell how long an answer was waited for, by the ledger, and how long it holds."""
    built = {one.id: datetime.fromisoformat(one.created) for one in filings}
    for entry in entries(connection, kind="approval.given", subject=given.filing):
        if given.filing in built and entry.facts().get("number") == given.number:
            waited = datetime.fromisoformat(entry.at).date() - built[given.filing].date()
            remade.tell(name, given.filing, "days until the answer", waited.days)
    remade.tell(name, given.filing, "expires", given.expires.isoformat())
