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
  { name = "1 %", user_fraction = 0.01, least_hours = 24, least_requests = 150 },
  { name = "10 %", user_fraction = 0.10, least_hours = 24, least_requests = 150 },
  { name = "50 %", user_fraction = 0.50, least_hours = 48, least_requests = 150 },
  { name = "100 %", user_fraction = 1.0 },
]
halt_error = 0.05
halt_rules = [
  { signal = "refusals", limit = 0.10 },
  { signal = "check_failures", limit = 0.10 },
  { signal = "errors", limit = 0.10 },
]
"""


def write_market(
    desk: Desk,
    candidates: Sequence[str],
    standard: str,
    *,
    support: bool = False,
    features: Sequence[str] = FEATURES,
    locales: Sequence[str] = LOCALES,
    more: str = ROLLOUT,
) -> None:
    """Write `markets/CN.toml` with *candidates* held to *standard*.

    *support* asks for verdicts on it; *more* holds stages, halt rules and what else there is.
    """
    text = _MARKET.format(
        market=MARKET,
        locales=_list(locales),
        features=_list(features),
        candidates=_list(candidates),
        standard=standard,
        support="true" if support else "false",
        rollout=more,
    )
    desk.write(f"markets/{MARKET}.toml", text)


def _list(names: Sequence[str]) -> str:
    return msgspec.json.encode(list(names)).decode()
