"""The demo: every step goes as it must, on a service that runs in a process of its own."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from pratique.assessment.planning import Plan
from pratique.cli.demo import _document
from pratique.evals.cells import Cell
from pratique.filing.manifest import verify_pack
from pratique.partners.catalogue import Candidate
from pratique.partners.pool import Pool
from pratique.rehearsal.demo import Shown, demo
from pratique.rollout.verify import verify
from pratique.settings.workspace import open_workspace
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel
from tests.evals.test_suites import SUITES, suite_of


class Quiet:
    """Keeps what the demo tells."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        """Keep a line."""
        self.lines.append(line)

    @contextmanager
    def live(self, planned: Plan) -> Iterator[Callable[[Sequence[Cell]], None]]:
        """Show nothing."""
        assert planned.cells
        yield lambda _: None


def knowing() -> Callable[[str], str]:
    """Return answers that are right for `proofread` and `priority`, and empty for the rest."""
    right: dict[bytes, bytes] = {}
    for name, locale in SUITES:
        for sample in suite_of(name, locale).samples:
            key = msgspec.json.encode(sample.input, order="sorted")
            if name == "proofread":
                right[key] = msgspec.json.encode({"corrected": sample.target.accept[0]})
            elif name == "priority":
                output = {"urgent": sample.target.urgent, "reason_code": "not_urgent"}
                right[key] = msgspec.json.encode(output)

    def answer(text: str) -> str:
        asked = msgspec.json.encode(msgspec.json.decode(text)["input"], order="sorted")
        return right.get(asked, b"").decode()

    return answer


def played(
    folder: Path, monkeypatch: pytest.MonkeyPatch, rules: Callable[[str], str]
) -> tuple[Shown, list[str]]:
    """Play the demo with models that answer by rote while it measures; the service runs the real ones."""

    def connected(_: Pool, candidate: Candidate) -> RoteModel:
        is_rules = candidate.model.engine == "rules"
        return RoteModel(candidate.name, rules if is_rules else lambda _: "")

    monkeypatch.setattr(Pool, "connected", connected)
    teller = Quiet()
    return demo(folder, teller), teller.lines


def test_the_whole_loop_goes_as_it_must(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From init to verify: refused before the approval, served after it, off when anything is touched."""
    shown, lines = played(tmp_path / "demo", monkeypatch, knowing())
    assert [step for step in shown.steps if not step.ok] == []
    assert len(shown.steps) == 13
    assert shown.ok and shown.verified.ok
    assert {choice.feature for choice in shown.selection.served} == {"proofread", "priority"}
    assert {choice.feature for choice in shown.selection.choices if choice.held_back} == {
        "summarize",
        "smart_reply",
    }
    told = "\n".join(lines)
    for word in ("simulated", "not_approved", "not_in_stage", "nothing was changed", "held back"):
        assert word in told
    document = msgspec.json.decode(msgspec.json.encode(_document(shown)))
    assert {
        "findings",
        "selection",
        "filing",
        "approval",
        "steps",
        "verified",
        "workspace",
        "seconds",
    } <= set(document)
    assert {
        "feature",
        "locale",
        "candidate",
        "metric",
        "estimate",
        "low",
        "high",
        "samples",
        "calls",
        "bar",
        "finding",
    } <= set(document["findings"][0])
    assert_every_byte_of_the_pack_counts(shown)


def assert_every_byte_of_the_pack_counts(shown: Shown) -> None:
    """`verify` names the file of the pack in which a byte was changed, and is content when it is put back."""
    assert shown.filing is not None
    opened = Opened(open_workspace(shown.workspace), who="ada")
    folder = shown.workspace / shown.filing.pack
    assert verify_pack(folder, opened.verifies) == []
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert len(files) >= 8
    for path in files:
        data = path.read_bytes()
        place = len(data) // 2
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        faults = [
            fault for fault in verify(opened).faults if path.name in fault or "manifest" in fault
        ]
        assert faults, path
        path.write_bytes(data)
    assert verify(opened).ok
    opened.close()


def test_where_nothing_is_met_nothing_is_filed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bars are not moved: the demo says so and is not well."""
    shown, lines = played(tmp_path / "demo", monkeypatch, lambda _: "")
    assert (shown.filing, shown.approval, shown.steps, shown.ok) == (None, None, (), False)
    assert shown.verified.ok
    assert "nothing met its bar: nothing is filed, and nothing can be on" in lines
