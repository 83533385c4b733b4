"""The stand-ins of text moderation are right as far as the clouds' own clients can tell.

Each client signs by itself; the stand-in takes the signature, so ours, which it takes too, is made
alike. `PRATIQUE_SDKS` names another Python that has the clients.
"""

import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import msgspec
import pytest

from pratique.partners.standins.moderation import BLOCK, KEY_ID, REVIEW, SECRET, Moderation

ROOT = Path(__file__).parents[2]
PYTHON = Path(os.environ.get("PRATIQUE_SDKS", ROOT / ".venv-sdks" / "bin" / "python"))

TEXTS = ("天气很好 & 50% = half", f"这句有 {BLOCK}", f"this has {REVIEW}", "长" * 20_001)
LEVELS = {
    "tencent": ["Pass", "Block", "Review"],
    "alibaba": ["none", "high", "medium"],
    "baidu": [1, 2, 3],
}
TOO_LONG = {
    "tencent": "InvalidParameterValue.ErrTextContentLen",
    "alibaba": "402",
    "baidu": "282808",
}
WRONG = {
    "tencent": "AuthFailure.SignatureFailure",
    "alibaba": "SignatureDoesNotMatch",
    "baidu": "110",
}

each_cloud = pytest.mark.parametrize("cloud", LEVELS)


@cache
def heard(cloud: str, secret: str) -> tuple[list[dict[str, object]], int]:
    """Return what the client made of each text, and how many requests arrived."""
    assert PYTHON.is_file(), f"{PYTHON} is missing: run `make tools`"
    with Moderation(cloud) as stand_in, tempfile.TemporaryDirectory() as home:
        # Two of them heed no `no_proxy`: only what would leave this machine, by https, goes nowhere.
        nowhere = {"https_proxy": "http://127.0.0.1:9"}
        environment = {"PATH": os.environ["PATH"], "HOME": home, **nowhere}
        words = [cloud, stand_in.root_url, KEY_ID, secret, *TEXTS]
        done = subprocess.run(
            [str(PYTHON), "-m", "tools.checks.sdks.moderation_clients", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        lines = [
            msgspec.json.decode(line, type=dict[str, object]) for line in done.stdout.splitlines()
        ]
        return lines, len(stand_in.seen)


@each_cloud
def test_the_client_reads_every_level(cloud: str) -> None:
    """Pass, block and review arrive where the client looks for them."""
    lines, seen = heard(cloud, SECRET)
    assert [one.get("level") for one in lines[:3]] == LEVELS[cloud]
    assert seen >= len(TEXTS)


@each_cloud
def test_a_text_beyond_the_limit_is_refused(cloud: str) -> None:
    """The stand-in keeps the service's limit, and the client says its code."""
    assert heard(cloud, SECRET)[0][3] == {"error": TOO_LONG[cloud]}


@each_cloud
def test_a_wrong_secret_is_refused(cloud: str) -> None:
    """What another secret signed is not taken."""
    lines, _ = heard(cloud, "another-secret")
    assert {one.get("error") for one in lines} == {WRONG[cloud]}
