"""Moderation services by their names, and how an operator's keys reach them."""

import os
from collections.abc import Mapping

from pratique.errors import Unavailable
from pratique.partners.safeguards.alibaba import AlibabaJudge
from pratique.partners.safeguards.baidu import BaiduJudge
from pratique.partners.safeguards.cloud import CloudJudge, Credentials
from pratique.partners.safeguards.tencent import TencentJudge
from pratique.privacy import Secret

Cloud = type[AlibabaJudge] | type[BaiduJudge] | type[TencentJudge]

CLOUDS: Mapping[str, Cloud] = {one.name: one for one in (AlibabaJudge, BaiduJudge, TencentJudge)}
"""The services, by the name that a market writes into `safeguards`."""


def cloud_judge(name: str, base_url: str = "") -> CloudJudge:
    """Return the service called *name*, at *base_url* where its own address is not meant.

    Its access key is read from `PARTNER_MODERATION_KEY_ID` and `PARTNER_MODERATION_SECRET`.

    Raises:
        Unavailable: one of the two is not set, or both.
    """
    prefix = name.partition("/")[0].upper() + "_MODERATION_"
    found = {part: os.environ.get(prefix + part, "") for part in ("KEY_ID", "SECRET")}
    missing = [f"`{prefix}{part}`" for part, value in found.items() if not value]
    if missing:
        raise Unavailable(
            f"`{name}` needs {' and '.join(missing)} in the environment",
            hint="set what the console of the service gives as the access key of your account",
        )
    credentials = Credentials(found["KEY_ID"], Secret(found["SECRET"]))
    kind = CLOUDS[name]
    return kind(credentials, base_url=base_url) if base_url else kind(credentials)
