"""The console's words: every text in every language, none missing and none left over."""

import re
import string
from importlib.resources import files
from typing import get_args

import pytest

from pratique.errors import Malformed
from pratique.evals.outcomes import Outcome
from pratique.people.accounts import Role
from pratique.rollout.gate import Reason
from pratique.serving.answers import AnswerStatus
from pratique.serving.streaming import Withdrawn
from pratique.web.console.words import LANGUAGES, preferred, words
from pratique.web.problems import Code

FOLDER = files("pratique") / "web" / "console"
TEMPLATES = "".join(one.read_text(encoding="utf-8") for one in (FOLDER / "templates").iterdir())
SCRIPT = (FOLDER / "static" / "try.js").read_text(encoding="utf-8")


def test_every_language_has_every_text_with_the_same_gaps() -> None:
    """A text that one language lacks would break its page; a gap that differs would say less."""
    first = words(LANGUAGES[0]).texts
    for language in LANGUAGES[1:]:
        other = words(language).texts
        assert other.keys() == first.keys()
        for key, text in first.items():
            assert _gaps(text) == _gaps(other[key]), key
            assert other[key].strip(), key


def test_every_text_that_a_template_names_is_there() -> None:
    """A page that nobody opened yet must not break."""
    known = words("en").texts
    named = set(re.findall(r"\bt\('([a-z_]+\.[A-Za-z_.-]+)'[,)]", TEMPLATES))
    assert len(named) > 100
    assert named <= known.keys(), named - known.keys()
    called = set(re.findall(r'\bsay\("(\w+)"', SCRIPT))
    assert {f"try.{one}" for one in called} <= known.keys()


def test_whole_groups_are_named_as_the_code_names_them() -> None:
    """Words that pages put together from data: every finding, outcome, refusal, status."""
    known = words("en").texts
    for group, found in (
        ("case", get_args(Outcome)),
        ("role", get_args(Role)),
        ("try.why", (*get_args(Code), *get_args(Reason))),
        ("try.status", [one for one in get_args(AnswerStatus) if one != "ok"]),
        ("try.because", get_args(Withdrawn)),
    ):
        for word in found:
            key = f"{group}_{word}" if group.startswith("try.") else f"{group}.{word}"
            assert key in known, key


def test_an_unknown_text_is_a_mistake_of_ours() -> None:
    """It is told by its key, not shown as one."""
    with pytest.raises(Malformed, match=r"no\.such"):
        words("en")("no.such")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("de-DE, zh-Hant;q=0.5", "zh"),
        ("fr", "en"),
        ("*;q=1, \u0000", "en"),
    ],
)
def test_the_browser_is_asked_for_its_language(accepted: str, language: str) -> None:
    """The first language that it prefers and we speak."""
    assert preferred(accepted) == language


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
