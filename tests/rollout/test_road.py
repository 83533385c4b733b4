"""The road: what is shown as on is on."""

from pratique.rollout.gate import Rules
from pratique.rollout.pack_steps import begin
from pratique.rollout.releases import Release
from pratique.rollout.road import Road, roads
from pratique.workspace.opened import Opened
from tests.conftest import Clock


def road_of(opened: Opened, rules: Rules, release: Release) -> Road:
    """Return the road of what was released."""
    place = (release.feature, release.locale)
    return next(one for one in roads(opened, rules) if (one.feature, one.locale) == place)


def test_a_feature_that_nothing_screens_is_not_shown_as_on(
    opened: Opened, rules: Rules, release: Release, clock: Clock
) -> None:
    """The gate lets nobody in once the screening pack has run out: the road says so, and why."""
    begin(opened)
    assert road_of(opened, rules, release).blocked_by.startswith(("assessed", "selected"))
    stage = road_of(opened, rules, release).stops[-1]
    assert stage.done
    clock.go_on(days=40)
    stage = road_of(opened, rules, release).stops[-1]
    assert not stage.done and stage.detail.startswith("screening is off: ")
