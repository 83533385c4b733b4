"""The market's file, as the operator writes it anew whenever candidates or bars change."""

from collections.abc import Sequence

import msgspec

from pratique.rehearsal.story.desk import MARKET, Desk
from pratique.rehearsal.story.samples import FEATURES, LOCALES

_MARKET = """\
# Simulated: the market of the rehearsed story.
id = "{market}"
regime = "cn-cac"
locales = {locales}
features = {features}
candidates = {candidates}
standard = "{standard}"
support = {support}
objective = "estimate"
device_regions = ["CN"]
account_regions = ["CN"]
screening_days = 366
{rollout}
"""

ROLLOUT = """\
stages = [
  { name = "1 %", user_fraction = 0.01 },
  { name = "10 %", user_fraction = 0.10 },
  { name = "50 %", user_fraction = 0.50 },
  { name = "100 %", user_fraction = 1.0 },
]
"""


def write_market(
    desk: Desk,
    candidates: Sequence[str],
    standard: str,
    *,
    support: bool = False,
    more: str = ROLLOUT,
) -> None:
    """Write `markets/CN.toml` with *candidates* held to *standard*."""
    text = _MARKET.format(
        market=MARKET,
        locales=_list(LOCALES),
        features=_list(FEATURES),
        candidates=_list(candidates),
        standard=standard,
        support="true" if support else "false",
        rollout=more,
    )
    desk.write(f"markets/{MARKET}.toml", text)


def _list(names: Sequence[str]) -> str:
    return msgspec.json.encode(list(names)).decode()
