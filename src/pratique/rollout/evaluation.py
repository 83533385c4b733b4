"""Evaluation: every release against the halt rules; what fails halts by itself."""

from pratique.rollout import releases, steps
from pratique.rollout.evaluations import HALTED, Evaluated, evaluated, is_news, keep_evaluation
from pratique.rollout.readiness import Standing, standing
from pratique.rollout.releases import list_releases
from pratique.workspace.opened import Opened

JUDGE = "halt rules"
"""Who halts in the ledger, when no person does."""


def evaluate(opened: Opened, market: str) -> list[Standing]:
    """Return how every release that is on stands, after halting those that a rule fails.

    What the rules saw is kept.
    """
    settings = opened.workspace.market(market)
    now = opened.clock()
    with opened.database.connect() as connection:
        found = [
            standing(connection, settings, one, opened.who, now)
            for one in list_releases(connection, market)
            if one.state == "on"
        ]
        seen = [evaluated(one, settings, now) for one in found] if settings.halt_rules else []
        news = [one for one in seen if is_news(connection, one)]
    failed = {one.release.id: one for one in found if one.failed}
    for one in news:
        if one.release not in failed:
            with opened.database.begin() as connection:
                keep_evaluation(connection, one)
    for one in seen:
        if one.release in failed:
            _halt(opened, failed[one.release], one)
    return found


def _halt(opened: Opened, found: Standing, evaluation: Evaluated) -> None:
    """Halt a release that a rule fails, unless it was halted or moved meanwhile."""
    seen = found.release
    reason = "; ".join(one.sentence for one in found.failed)
    with opened.ledger.transaction() as connection:
        now = releases.current(connection, seen.market, seen.feature, seen.locale)
        if (now.id, now.state, now.entered) == (seen.id, "on", seen.entered):
            halted = releases.halt(connection, now, reason)
            name = keep_evaluation(connection, evaluation, HALTED)
            steps.record(opened, connection, HALTED, halted, who=JUDGE, evaluation=name)
