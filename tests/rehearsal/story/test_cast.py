"""The cast: invented partners as files, and what becomes of them."""

from datetime import date
from pathlib import Path

import pytest

from pratique.assessment.support.tickets import read_tickets
from pratique.partners.catalogue import ModelEntry, read_partners
from pratique.partners.simulation import Shares
from pratique.rehearsal.simulator.conduct import Conduct
from pratique.rehearsal.story import cast
from tests.rehearsal.story.desks import silent_desk


def _model(folder: Path, name: str) -> ModelEntry:
    partner, _, model = name.partition("/")
    found = read_partners([folder / "partners"])[partner]
    return next(one for one in found.models if one.id == model)


@pytest.mark.parametrize("partner", cast.PARTNERS)
def test_every_partner_is_marked_simulated(partner: str, tmp_path: Path) -> None:
    """No figure of the story may be taken for one about a company."""
    silent_desk(tmp_path)
    found = read_partners([tmp_path / "partners"])[partner]
    assert found.simulated
    assert found.name.endswith("(simulated)")
    assert all(model.about.startswith("Simulated") for model in found.models)


def test_another_seed_moves_every_draw() -> None:
    """Other seeds are other markets: no model draws as it did before."""
    for partner in cast.PARTNERS:
        first, second = (cast.partner_file(partner, seed) for seed in (1, 2))
        assert first != second
        assert first.count("seed = ") == second.count("seed = ")


def test_a_partner_misbehaves_and_behaves_again(tmp_path: Path) -> None:
    """What the world does to a model is taken back without a trace."""
    desk = silent_desk(tmp_path)
    before = desk.read(f"partners/{cast.CHOSEN}.toml")
    cast.behave(desk, cast.CHOSEN, "floor-2", Conduct(shares=Shares(refused=0.35)))
    simulation = _model(tmp_path, f"{cast.CHOSEN}/floor-2").simulation
    assert simulation
    assert simulation.shares.refused == 0.35
    other = _model(tmp_path, f"{cast.CHOSEN}/floor-2-mini").simulation
    assert other
    assert other.shares.refused == 0
    cast.behave(desk, cast.CHOSEN, "floor-2", Conduct())
    assert desk.read(f"partners/{cast.CHOSEN}.toml") == before


def test_a_swapped_model_answers_under_its_own_name(tmp_path: Path) -> None:
    """The catalogue goes on naming the old one: that is what makes it silent."""
    desk = silent_desk(tmp_path)
    cast.behave(desk, cast.CHOSEN, "floor-2", Conduct(), swap=cast.swapped("other", 0.8))
    found = _model(tmp_path, f"{cast.CHOSEN}/floor-2")
    assert found.simulation
    assert found.simulation.swap
    assert found.simulation.swap.model == "other"
    assert found.snapshot == "floor-2"


def test_an_end_is_announced_on_the_day(tmp_path: Path) -> None:
    """Notice is counted from the day of the announcement to the end."""
    desk = silent_desk(tmp_path)
    cast.announce_end(desk, cast.RETIRING, "pawl-2", date(2028, 3, 31))
    notice = _model(tmp_path, f"{cast.RETIRING}/pawl-2").retires
    assert notice
    assert (notice.announced, notice.on) == (date(2028, 3, 1), date(2028, 3, 31))


@pytest.mark.parametrize("sound", [True, False])
def test_tickets_are_a_file_that_any_operator_could_take_in(tmp_path: Path, sound: bool) -> None:
    """Whoever is not sound lets nights pass, and has one person for everything."""
    desk = silent_desk(tmp_path)
    path = tmp_path / "tickets.csv"
    path.write_text(cast.tickets(desk, sound=sound, seed=5), encoding="utf-8")
    found = read_tickets(path, ["1", "2"], desk.now)
    assert len(found) == 24
    late = [
        one
        for one in found
        if one.severity == "1"
        and one.acknowledged
        and (one.acknowledged - one.opened).total_seconds() > 15 * 60
    ]
    assert bool(late) is not sound
    assert (len({one.fixer for one in found}) > 3) is sound
