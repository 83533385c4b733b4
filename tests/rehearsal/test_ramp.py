"""Ramps in simulated time: seeded, marked, and halted where something is beyond its limit."""

import msgspec
import pytest
from click.testing import CliRunner

from pratique.cli.main import program
from pratique.errors import Malformed
from pratique.rehearsal.ramp import Setting, ramp_market, rehearse

MARKET = ramp_market()
SMALL = Setting(devices=20_000, market=msgspec.structs.replace(MARKET, stages=MARKET.stages[3:]))


def test_a_rehearsal_shows_delay_exposure_and_false_halts() -> None:
    """What is well comes to the end; what is beyond the limit is halted, the worse the sooner."""
    found = rehearse(runs=8, seed=3, setting=SMALL)
    assert found.simulated
    assert (found.normal.halted, found.normal.complete) == (0, 8)
    assert found.edge.complete == 0 and found.holds
    small, _, _, _, large, _ = found.regressions
    assert small.halted == large.halted == 8
    assert small.delay_hours and large.delay_hours and small.exposed and large.exposed
    assert large.delay_hours[0] < small.delay_hours[0]
    assert large.exposed[0] < small.exposed[0] <= 2_000


def test_the_same_seed_is_the_same_rehearsal() -> None:
    """And another seed is another."""
    one, same, other = (rehearse(runs=2, seed=seed, setting=SMALL) for seed in (1, 1, 2))
    assert one == same
    assert one.regressions != other.regressions


@pytest.mark.parametrize(("runs", "factor"), [(0, 2.0), (1, 1.0), (1, 51.0)])
def test_what_is_no_rehearsal_is_refused(runs: int, factor: float) -> None:
    """Before anything is run."""
    with pytest.raises(Malformed):
        rehearse(runs=runs, seed=1, setting=SMALL, factors=(factor,))


def test_the_verb_prints_a_table_or_one_document() -> None:
    """Marked as simulated, for people and for machines."""
    words = ["rehearse", "rollout", "--runs", "1", "--devices", "2000", "--factor", "4"]
    shown = CliRunner().invoke(program, words)
    assert shown.exit_code == 0 and shown.stdout.startswith("simulated, seed 1")
    document = msgspec.json.decode(CliRunner().invoke(program, [*words, "--json"]).stdout)
    assert document["simulated"] is True and len(document["regressions"]) == 2
