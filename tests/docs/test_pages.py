"""Generated pages are those of the code; a guide's files and commands are followed as they stand."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from pratique.cli.main import program
from tools.docs import pages

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "add-a-feature.md").read_text(encoding="utf-8")
FILE = re.compile(
    r"`((?:features|suites|standards)/[\w./-]+)`[^`]*?\n\n```(?:json|toml)\n(.*?)```", re.DOTALL
)


def test_generated_pages_are_those_of_the_code() -> None:
    """`make docs` writes them anew; every feature has one, and none is left of a feature that is gone."""
    made = dict(pages())
    written = {DOCS / "conformance.md", *(DOCS / "features").glob("*.md")}
    assert written == set(made)
    assert {
        path.name for path in written if path.read_text(encoding="utf-8") != made[path]
    } == set()


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace into which the guide's files were written as it says."""
    folder = tmp_path / "shop"
    assert CliRunner().invoke(program, ["init", str(folder), "--rehearsal"]).exit_code == 0
    files = dict(FILE.findall(GUIDE))
    assert {"features/subject_line/feature.toml", "suites/subject_line/en.jsonl"} <= set(files)
    assert len(files) == 7
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    market = folder / "markets" / "CN.toml"
    text = re.sub(r"^features = .*$", 'features = ["subject_line"]', market.read_text(), flags=re.M)
    text = re.sub(r"^locales = .*$", 'locales = ["en"]', text, flags=re.M)
    text = re.sub(r"^standard = .*$", 'standard = "mine"', text, flags=re.M)
    text = re.sub(r"^candidates = .*$", 'candidates = ["embedded/smollm2-135m"]', text, flags=re.M)
    market.write_text(text)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("followed")
@pytest.mark.parametrize(
    "command",
    [
        line[2:].split("#")[0].split()
        for line in GUIDE.splitlines()
        if line.startswith("$ pratique")
    ],
    ids=" ".join,
)
def test_the_guide_to_a_feature_works_as_written(command: list[str]) -> None:
    """From the first file to a verdict, with a real model."""
    if command[1] == "init":
        return  # the fixture did it
    done = CliRunner().invoke(program, command[1:])
    assert done.exit_code in (0, 1 if command[1] == "assess" else 0), done.output
    assert done.output.strip()
