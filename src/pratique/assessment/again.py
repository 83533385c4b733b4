"""A plan made again: that of a kept assessment, with its kept outcomes, for a later report."""

from pratique.assessment.assess import assessment_of
from pratique.assessment.candidates import offer
from pratique.assessment.decisions import Assessment
from pratique.assessment.findings import Finding
from pratique.assessment.planning import Plan, plan
from pratique.assessment.remembered import without_calls
from pratique.assessment.revealed import revealed
from pratique.errors import NotAllowed
from pratique.workspace.opened import Opened


def planned_again(opened: Opened, made: Assessment) -> Plan:
    """Return the plan of *made* with what was kept of its runs; no call is made.

    Raises:
        NotAllowed: variants, suites, standard or outcomes are others by now.
    """
    with opened.database.connect() as connection:
        gone = revealed(connection)
    planned = plan(opened.workspace, offer(opened.workspace, made.market), made.seed, gone)
    without_calls(opened, planned)
    if [_established(one) for one in assessment_of(planned).findings] != [
        _established(one) for one in made.findings
    ]:
        raise NotAllowed(
            f"`{made.id}` is not what the workspace and its outcomes come to today",
            hint="`pratique assess`, then `pratique select --report FILE`",
        )
    return planned


def _established(one: Finding) -> tuple[str, int, float, float, str]:
    """Return what a finding says; calls and times may have grown since."""
    return one.run_id, one.samples, one.low, one.high, one.finding
