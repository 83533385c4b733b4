"""Labels at full count: 1,000 files of each kind, and files made to hurt, each in a process of its own."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pratique.labels.files import label_bytes, read_bytes
from pratique.labels.implicit import first_write
from pratique.labels.kinds import Kind
from tests.labels.varied import KINDS, content, varied
from tools.checks.hostile import hostile

CODE = "001191110102MAD55U9H0F10002"
LABEL = first_write(CODE, "a-1")
FILES = 1_000
PARTS = 4
SECONDS = 2.0
KILOBYTES = 200_000

_PROGRAM = """
import atexit, re
from pathlib import Path
from pratique.cli.main import main

def peak():
    print("peak:", re.search("VmHWM:\\\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])

atexit.register(peak)
main()
"""
"""The command, which says its own peak: what is told of a child from outside counts its parent."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_files_keep_all_but_the_label(kind: Kind, part: int) -> None:
    """Written, read back, and everything else read by other means and compared; in four parts."""
    path = Path(f"a.{kind}")
    for seed in range(part, FILES, PARTS):
        data = varied(kind, seed)
        labelled = label_bytes(data, path, LABEL)
        assert read_bytes(labelled, path).fields == [LABEL.aigc], seed
        assert content(kind, labelled) == content(kind, data), seed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("verb", ["check", "add"])
def test_a_file_made_to_hurt_ends_in_a_clear_error(tmp_path: Path, verb: str, kind: Kind) -> None:
    """Within 2 s of processor time and 200 MB, of the whole command as its user would run it."""
    missed, worst, largest, count = [], 0.0, 0, 0
    for name, data in hostile(kind):
        path = tmp_path / name
        path.write_bytes(data)
        code, said, seconds, kilobytes = _run(verb, path)
        path.unlink()
        count, worst, largest = count + 1, max(worst, seconds), max(largest, kilobytes)
        clear = code == 0 or (code == 1 and bool(said.strip()) and "Traceback" not in said)
        if not clear or not kilobytes or seconds > SECONDS or kilobytes > KILOBYTES:
            missed.append(f"{name}: exit {code}, {seconds:.2f} s, {kilobytes} KB: {said[-300:]}")
    sys.stderr.write(
        f"\n`label {verb}`, {kind}: {count} files, at most {worst:.2f} s"
        f" and {largest / 1000:.0f} MB\n"
    )
    assert not missed, "\n".join(missed)


def _run(verb: str, path: Path) -> tuple[int, str, float, int]:
    """Run the command; return its exit code, what it said, its processor time and its peak memory."""
    options = ["--out", str(path.with_suffix(".out")), "--producer-code", CODE, "--replace"]
    command = [sys.executable, "-c", _PROGRAM, "label", verb, str(path)]
    process = subprocess.Popen(
        [*command, *(options if verb == "add" else [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=_bounded,
    )
    assert process.stdout is not None
    with process.stdout as spoken:
        said, _, peak = spoken.read().partition("peak: ")
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, said, used.ru_utime + used.ru_stime, int(peak or 0)


def _bounded() -> None:
    """Hold the child to bounds that stop it, should ours not."""
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
