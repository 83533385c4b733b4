"""The story over other seeds: how often the same partners are dropped, passed over and chosen.

    python -m bench.story [FIRST [LAST]]

Each story is told by the command line, in a process of its own, with its own draws of partners and
devices. Bar: in at least 19 of 20 the partners come to the same, in the rest nothing is decided
otherwise (undecided, never wrong), and no request is lost in any.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BAR = 19 / 20
PARTNERS = {
    "primary_chosen": "simulated-halyard",
    "primary_dropped": "PROGRESS_BELOW_STANDARD",
    "others_assessed": "simulated-capstan, simulated-keelson, simulated-mizzen",
    "refusing_passed_over": "falls_short",
    "support_missed": "INSUFFICIENT_SUPPORT_CAPACITY",
    "retired_passed_over": "notice",
    "chosen": "simulated-keelson",
}
"""What the partners must come to, step by step."""

_STEP = re.compile(r"^  (✓|✗) \S+ (\w+): (.*)$", re.MULTILINE)


def tell(seed: int, folder: Path) -> tuple[str, str, int]:
    """Tell the story with *seed*; return `same`, `undecided` or `wrong`, why, and requests lost."""
    command = [sys.executable, "-m", "pratique", "rehearse", "story", "--json"]
    ran = subprocess.run(
        [*command, "--seed", str(seed), "--dir", str(folder)], capture_output=True, check=False
    )
    told = ran.stderr.decode()
    steps = {name: (mark == "✓", said) for mark, name, said in _STEP.findall(told)}
    missed = [name for name in PARTNERS if not steps.get(name, (False, ""))[0]]
    lost = 0
    if ran.returncode == 0:
        lost = json.loads(ran.stdout)["requests"].get("lost", 0)
    elif not missed:
        others = [name for name, (ok, _) in steps.items() if not ok]
        return "undecided", f"stopped: {others or told.strip()[-300:]}", lost
    if not missed:
        return "same", "", lost
    name = missed[0]
    said = steps.get(name, (False, "not reached"))[1]
    wrong = name in ("primary_chosen", "chosen") and "nobody" not in said and said != "not reached"
    return ("wrong" if wrong else "undecided"), f"{name}: {said[:120]}", lost


def main() -> None:
    """Print what became of each seed; exit 1 where the bar is missed."""
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    last = int(sys.argv[2]) if len(sys.argv) > 2 else first + 19
    found, lost = [], 0
    for seed in range(first, last + 1):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as place:
            word, why, missing = tell(seed, Path(place) / "story")
        found.append(word)
        lost += missing
        print(f"seed {seed}: {word} {why} ({time.monotonic() - began:.0f} s)", flush=True)
    same = found.count("same")
    print(
        f"simulated: {same} of {len(found)} the same, {found.count('undecided')} undecided,"
        f" {found.count('wrong')} wrong; requests lost: {lost}; bar: {BAR:.0%} the same, none wrong"
    )
    if same < BAR * len(found) or "wrong" in found or lost:
        sys.exit(1)


if __name__ == "__main__":
    main()
