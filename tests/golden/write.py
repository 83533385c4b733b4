"""`python -m tests.golden.write`: pin new revisions; refuses to change what an old one does."""

import json
import sys

from tests.golden.corpus import pinned
from tests.golden.test_golden import FILE


def main() -> None:
    """Write the file, unless a behaviour changed under a revision that is pinned."""
    old = json.loads(FILE.read_text()) if FILE.exists() else {}
    new = pinned()
    changed = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
    if changed:
        sys.exit(f"behaviour changed under its revision; raise it first: {', '.join(changed)}")
    FILE.write_text(json.dumps(new, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
