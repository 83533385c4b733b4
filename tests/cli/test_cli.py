"""The command line: data to stdout, the rest to stderr, and three exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import pratique

ROOT = Path(__file__).parents[2]


def process(*words: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    """Run the program as a person would, in a process of its own."""
    command = [sys.executable, "-m", "pratique", *words]
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace made by `pratique init`."""
    folder = tmp_path_factory.mktemp("cli") / "shop"
    done = process("init", str(folder), "--rehearsal", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["workspace"] == str(folder)
    return folder


def test_help_names_every_verb() -> None:
    """The first thing a person types."""
    done = process("--help")
    assert done.returncode == 0
    for verb in (
        "demo",
        "init",
        "assess",
        "backup",
        "restore",
        "people",
        "select",
        "file",
        "approve",
        "rollout",
        "serve",
        "verify",
        "status",
        "diff",
        "brief",
        "evidence",
        "progress",
        "rate",
        "replay",
        "screen",
        "support",
    ):
        assert f"\n  {verb} " in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("feature", "list"),
        ("feature", "show", "summarize"),
        ("partner", "list"),
        ("partner", "show", "embedded/rules"),
        ("standard", "check"),
        ("status",),
        ("verify",),
        ("rollout", "status"),
        ("people", "list"),
        ("people", "keys"),
        ("people", "api-keys"),
        ("people", "pending"),
    ],
)
def test_every_listing_prints_for_people_and_for_machines(
    shop: Path, words: tuple[str, ...]
) -> None:
    """`--json` is one document on stdout."""
    for_people = pratique(*words, "--workspace", str(shop))
    assert for_people.returncode == 0, for_people.stderr
    assert for_people.stdout.strip()
    for_machines = pratique(*words, "--workspace", str(shop), "--json")
    assert isinstance(json.loads(for_machines.stdout), dict)


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (("feature", "show", "sumarize"), "no feature `sumarize`", "summarize"),
        (("partner", "show", "embedded/none"), "no model `embedded/none`", "embedded/rules"),
        (("select",), "market `CN` has not been assessed", "pratique assess"),
        (("file", "--draft"), "nobody was selected", "pratique select"),
        (("status", "--market", "EU"), "no market `EU`", "CN"),
        (
            ("rollout", "start", "summarize", "--locale", "en"),
            "has no approval in force",
            "pratique approve",
        ),
        (
            ("rollout", "switch", "summarize", "--locale", "en", "--reason", "x"),
            "no release",
            "rollout start",
        ),
        (("diff", "--since", "CN-1"), "no filing `CN-1`", "none"),
        (
            ("people", "add", "ada lovelace", "--role", "viewer"),
            "cannot name an account",
            "letters",
        ),
        (("serve", "--host", "0.0.0.0"), "there is no API key", "127.0.0.1"),  # noqa: S104
    ],
)
def test_a_refusal_is_two_sentences_and_exit_one(
    shop: Path, words: tuple[str, ...], error: str, hint: str
) -> None:
    """What is wrong and what to do, on stderr, without a traceback."""
    done = pratique(*words, "--workspace", str(shop))
    assert done.returncode == 1
    assert done.stdout == ""
    assert f"error: {error}" in done.stderr or error in done.stderr
    assert "hint:" in done.stderr and hint in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [("nothing",), ("init",), ("approve", "x"), ("rollout", "start", "summarize")]
)
def test_wrong_usage_is_exit_two(words: tuple[str, ...]) -> None:
    """A mistake in the words is not a refusal."""
    done = pratique(*words)
    assert done.returncode == 2
    assert "Usage:" in done.stderr


def test_a_process_ends_with_the_same_codes() -> None:
    """What most tests read inside their own process, a shell reads of a real one."""
    refused = process("feature", "show", "sumarize")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "error: no feature `sumarize`" in refused.stderr and "hint:" in refused.stderr
    assert process("nothing").returncode == 2


def test_a_taken_port_is_a_clear_message(shop: Path) -> None:
    """Not a stack trace of the server."""
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = process("serve", "--port", str(taken.getsockname()[1]), "--workspace", str(shop))
    assert done.returncode == 1
    assert "cannot listen on" in done.stderr and "--port 0" in done.stderr


def test_outside_a_workspace_the_way_in_is_shown(tmp_path: Path) -> None:
    """The catalogue works anywhere; what needs a workspace says so."""
    assert pratique("feature", "show", "summarize", cwd=tmp_path).returncode == 0
    done = process("status", cwd=tmp_path)
    assert done.returncode == 1 and "pratique init" in done.stderr


def test_help_loads_nothing_heavy() -> None:
    """`pratique --help` must feel instant: numpy, the store and the server stay out."""
    heavy = ["numpy", "sqlalchemy", "litestar", "msgspec", "rich"]
    code = f"import sys; import pratique.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_mistake_in_the_markets_file_is_told_by_status(new_folder: Path) -> None:
    """A feature that nobody has stands on no road in silence; what is released is shown all the same."""
    folder = new_folder
    market = folder / "markets" / "CN.toml"
    market.write_text(market.read_text().replace('"summarize"', '"sumarize"'), encoding="utf-8")
    done = pratique("status", cwd=folder)
    assert done.returncode == 0
    assert "no feature `sumarize`; did you mean `summarize`?" in done.stdout
    assert "next: `pratique assess`" in done.stdout
