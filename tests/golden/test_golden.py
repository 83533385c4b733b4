"""Behaviour that is part of a digest by its revision must not change under that revision."""

import json
from pathlib import Path

from tests.golden.corpus import pinned

FILE = Path(__file__).with_name("golden.json")


def test_no_behaviour_changed_without_its_revision() -> None:
    """An approval covers a digest, and the digest holds revisions: the same one must do the same.

    Raise the revision of what changed (it then makes new digests), and write the file anew with
    `python -m tests.golden.write`.
    """
    assert pinned() == json.loads(FILE.read_text())
