"""Every command that the README and the docs name is one that the program takes."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pratique.cli.main import program

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = sorted((ROOT / "src" / "pratique").rglob("*.py"))
BLOCK = re.compile(r"^ *```console\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^ *(?:\$ )?(?:.*\| )?pratique (.+)$", re.MULTILINE)
INLINE = re.compile(r"`pratique ([^`\n]+)`")
FILLED = re.compile(r"\{[^{}]*\}")
CUT = re.compile(r"\s(?:#|>|\||&&)\s.*$")


def commands(path: Path) -> Iterator[str]:
    """Yield what stands after `pratique` wherever a page names a command, without what follows it."""
    text = path.read_text(encoding="utf-8")
    typed = [line for block in BLOCK.findall(text) for line in TYPED.findall(block)]
    for line in (*typed, *INLINE.findall(text)):
        yield CUT.sub("", f"{line} ").strip()


def fault_of(words: list[str]) -> str:
    """Return what the program does not know of *words*; empty where it knows all."""
    command: click.Command = program
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        choices = words[0].split("|")
        unknown = [one for one in choices if one not in command.commands]
        if unknown:
            return f"no verb `{unknown[0]}`"
        command, words = command.commands[choices[0]], words[1:]
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    known |= {"--help", "-h", "--version"}
    for word in words:
        name = word.partition("=")[0].strip("[]…")
        if name.startswith("--") and name not in known:
            return f"`{command.name}` takes no `{name}`"
    return ""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page_names_commands_that_there_are(path: Path) -> None:
    """What somebody copies from a page is understood: its verbs and its options."""
    faults = []
    for line in commands(path):
        fault = fault_of(shlex.split(line.replace("…", " … ")))
        if fault:
            faults.append(f"pratique {line}: {fault}")
    assert not faults


def test_hints_name_commands_that_there_are() -> None:
    """What an error tells somebody to do can be done."""
    faults = []
    for path in SOURCES:
        for line in INLINE.findall(path.read_text(encoding="utf-8")):
            words = FILLED.sub("X", line).replace("…", " … ").split()
            fault = "" if not words[-1].strip("X") else fault_of(words)
            if fault:
                faults.append(f"{path.relative_to(ROOT)}: pratique {line}: {fault}")
    assert not faults


def test_the_pages_name_many_commands() -> None:
    """The pattern finds what it looks for."""
    assert sum(len(list(commands(path))) for path in PAGES) > 150
    assert fault_of(["asses"]) == "no verb `asses`"
    assert fault_of(["assess", "--dri-run"]) == "`assess` takes no `--dri-run`"
    assert fault_of(["rollout", "start|advance", "summarize", "--locale", "en"]) == ""
