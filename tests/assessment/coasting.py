"""Simulated partners whose releases are assessed over time, in a workspace of their own."""

import asyncio
from collections.abc import Sequence

from pratique.assessment.asking import draw_further
from pratique.assessment.assess import assess
from pratique.assessment.candidates import offer
from pratique.assessment.decisions import Assessment
from pratique.assessment.planning import plan
from pratique.workspace.opened import Opened
from tests.conftest import Clock

OURS, OTHER = "simulated-quoin", "simulated-tenon"
"""Two invented partners; a brief is for the first."""

PARTNER = """
id = "{id}"
name = "{name} (simulated)"
simulated = true
key_needed = false
[[models]]
id = "{model}"
about = "Simulated."
engine = "simulated"
snapshot = "{model}-{release}"
weights = "unmodified_api"
[models.simulation]
seed = {release}
quality = {quality}
speed = 1000000.0
shares = {{ refused = {refused} }}
"""

MARKET = """
id = "CN"
regime = "cn-cac"
locales = ["en"]
features = ["{feature}"]
candidates = [{candidates}]
standard = "coast"
device_regions = ["CN"]
account_regions = ["CN"]
stages = [{{ name = "all", user_fraction = 1.0 }}]
"""

STANDARD = """
id = "coast"
about = "One bar."
alpha = 0.05
family = "bonferroni"
truth = "bank"
[[requirements]]
feature = "{feature}"
bar = {bar}
"""


def prepare(
    opened: Opened,
    partners: Sequence[str] = (OURS,),
    bar: float = 0.8,
    feature: str = "photo_query",
) -> None:
    """Let the market have one feature, one locale, and a model of each of *partners*."""
    folder = opened.workspace.folder
    names = ", ".join(f'"{one}/{model_of(one)}"' for one in partners)
    (folder / "markets" / "CN.toml").write_text(MARKET.format(candidates=names, feature=feature))
    (folder / "standards" / "coast.toml").write_text(STANDARD.format(bar=bar, feature=feature))
    for one in partners:
        release(opened, one, 1, 0.5)


def model_of(partner: str) -> str:
    """Return the name of the one model that *partner* has."""
    return {OURS: "keystone", OTHER: "mortise"}[partner]


def release(
    opened: Opened, partner: str, number: int, quality: float, refused: float = 0.0
) -> None:
    """Let *partner* put out a release of its model."""
    path = opened.workspace.folder / "partners" / f"{partner}.toml"
    name = {OURS: "Quoin", OTHER: "Tenon"}[partner]
    text = PARTNER.format(
        id=partner,
        name=name,
        model=model_of(partner),
        release=number,
        quality=quality,
        refused=refused,
    )
    path.write_text(text)


def assessed(opened: Opened, seed: int = 1) -> Assessment:
    """Assess the market as it stands."""
    planned = plan(opened.workspace, offer(opened.workspace, "CN"), seed)
    return asyncio.run(assess(opened, planned, lambda _: None))


def course(
    opened: Opened, clock: Clock, qualities: Sequence[float], days: int = 14, samples: int = 0
) -> None:
    """Let the first partner put out a release of each of *qualities*, *days* apart, each assessed."""
    for number, quality in enumerate(qualities, 1):
        if number > 1:
            clock.go_on(days=days)
        release(opened, OURS, number, quality)
        assessed(opened, seed=number)
        if samples:
            asyncio.run(draw_further(opened, "CN", OURS, samples, lambda _: None))


def agree(opened: Opened, text: str) -> None:
    """Write down what was agreed with the first partner."""
    path = opened.workspace.folder / "plans" / "CN" / f"{OURS}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'partner = "{OURS}"\nagreed = 2026-11-03\n{text}')


MILESTONE = """
[[milestones]]
id = "spring"
feature = "photo_query"
locale = "en"
models = ["keystone"]
date = {date}
bar = {bar}
certainty = {certainty}
"""
