"""The filing chapters: what the story says of them comes from what the commands printed."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from pratique.rehearsal.story.desk import Desk
from pratique.rehearsal.story.filing import FALLBACK, SERVED, file_all
from pratique.rehearsal.story.telling import Telling
from tests.rehearsal.story.desks import silent_desk


def _desk(folder: Path, serves: str, fallback: str) -> Desk:
    """Return a desk at which `select` chooses *serves*, with *fallback* behind it."""
    silent_desk(folder)
    choice = {"feature": "photo_query", "locale": "en", "digest": None, "passed_over": ()}
    selected = {"choices": [{**choice, "serves": serves, "fallbacks": [fallback]}]}
    filed = {"filing": "CN-2028-0001", "state": "complete", "missing": []}

    def play(words: Sequence[str], _stdin: str) -> tuple[int, str, str]:
        return 0, json.dumps({"select": selected, "file": filed}.get(words[0], {})), ""

    return Desk(folder, play, date(2028, 3, 20))


@pytest.mark.parametrize(("serves", "fallback"), [(SERVED, FALLBACK), (FALLBACK, SERVED)])
def test_the_pack_names_who_was_chosen_to_serve(tmp_path: Path, serves: str, fallback: str) -> None:
    """Of two models that meet the bars either may be the better one; the other stands behind it."""
    telling = Telling(lambda _: None)
    file_all(_desk(tmp_path, serves, fallback), telling, seed=1)
    (step,) = telling.steps
    assert (step.figures["serves"], step.figures["fallback"]) == (serves, fallback)
