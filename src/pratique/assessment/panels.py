"""The judges that a standard names, found, allowed and connected."""

from collections.abc import Sequence

from pratique.assessment.candidates import Offer, require_real
from pratique.assessment.standards import Standard
from pratique.errors import NotAllowed
from pratique.evals.budget import Budget, Tariff
from pratique.evals.judges.bench import Bench
from pratique.evals.judges.panel import JudgeUse, Panel, panel_of
from pratique.evals.judges.rubrics import packaged as packaged_rubrics
from pratique.partners.catalogue import Candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.pool import Pool
from pratique.settings.workspace import Workspace
from pratique.workspace.opened import Opened


def panels_of(workspace: Workspace, offer: Offer, standard: Standard) -> dict[JudgeUse, Panel]:
    """Return the judges that *standard* names.

    Raises:
        NotFound, Malformed: a judge or a rubric is not known, or broken.
        NotAllowed: a judge is of a partner that is tested here, or is invented outside a rehearsal.
    """
    uses = {one.judge for one in standard.requirements if isinstance(one.judge, JudgeUse)}
    if not uses:
        return {}
    partners = read_partners(workspace.content("partners", packaged_partners()))
    rubrics = workspace.content("rubrics", packaged_rubrics())
    found = {use: panel_of(use, partners, rubrics) for use in uses}
    tested = {one.partner.id for one in offer.candidates}
    for panel in found.values():
        require_real(panel.judges, workspace)
        for one in panel.judges:
            if one.partner.id in tested:
                raise NotAllowed(
                    f"`{one.name}` would judge its own partner's answers",
                    hint="name a judge of a partner that is no candidate in this market",
                )
    return found


def bench_of(opened: Opened, judges: Sequence[Candidate], pool: Pool, budget: Budget) -> Bench:
    """Return where *judges*, connected by *pool*, work within *budget*."""
    return Bench(
        opened.database,
        opened.clock,
        {one.name: pool.connected(one) for one in judges},
        {one.name: Tariff(one.model) for one in judges},
        budget,
        opened.workspace.configuration.serve.deadline_seconds,
    )
