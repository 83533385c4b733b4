"""Signatures of cloud calls: Tencent's TC3-HMAC-SHA256 and Alibaba's ACS3-HMAC-SHA256.

Both hash a canonical form of the request and sign the hash; both are written down in the clouds'
own signature pages, and their own clients sign alike (`tools/checks/test_moderation_sdks.py`).
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from pratique.privacy import Masked, Secret


def tc3(
    headers: Mapping[str, str], body: bytes, key_id: str, secret: Secret, service: str, now: int
) -> Masked:
    """Return the `Authorization` of a POST to Tencent; *headers* in lower case are all signed.

    *now* is the moment in whole seconds, as in `X-TC-Timestamp`.
    """
    names = ";".join(sorted(headers))
    canonical = _canonical(
        "/", {key: value.strip().lower() for key, value in headers.items()}, body
    )
    day = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d")
    scope = f"{day}/{service}/tc3_request"
    to_sign = "\n".join(["TC3-HMAC-SHA256", str(now), scope, _hex(canonical.encode())])
    key = ("TC3" + secret.reveal()).encode()
    for step in (day, service, "tc3_request"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
    return Masked(
        f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    )


def acs3(headers: Mapping[str, str], body: bytes, key_id: str, secret: Secret) -> Masked:
    """Return the `Authorization` of a POST to Alibaba; *headers* in lower case are all signed."""
    names = ";".join(sorted(headers))
    canonical = _canonical("/", {key: value.strip() for key, value in headers.items()}, body)
    to_sign = f"ACS3-HMAC-SHA256\n{_hex(canonical.encode())}"
    signature = hmac.digest(secret.reveal().encode(), to_sign.encode(), "sha256").hex()
    return Masked(
        f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    )


def _canonical(path: str, headers: Mapping[str, str], body: bytes) -> str:
    lines = [f"{name}:{headers[name]}" for name in sorted(headers)]
    return "\n".join(["POST", path, "", *lines, "", ";".join(sorted(headers)), _hex(body)])


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
