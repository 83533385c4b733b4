"""flagd's JSON: what the gate says, no more; and a file that says more is told, and turns nothing on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from pratique.cli.rollout import rollout
from pratique.errors import Malformed, NotFound
from pratique.filing.approvals import Approval
from pratique.rollout import steps
from pratique.rollout.flagd import FlagdFile, compare, flags_of, read_flags
from pratique.rollout.gate import Rules
from pratique.rollout.halts import Scope
from pratique.rollout.releases import Release
from pratique.rollout.state import read_state
from pratique.workspace.opened import Opened
from tests.rollout.conftest import FEATURE, LOCALE

KEY = f"{FEATURE}.{LOCALE}"


def flags(opened: Opened, rules: Rules) -> FlagdFile:
    """Return the flags of now."""
    with opened.database.connect() as connection:
        state = read_state(connection, rules, opened.clock())
    return flags_of(state, opened.clock())


def test_only_what_is_on_is_enabled(opened: Opened, rules: Rules, release: Release) -> None:
    """Each feature and locale is a flag; one without an approval in force is disabled, with why."""
    found = flags(opened, rules).flags
    assert len(found) == len(rules.market.features) * len(rules.market.locales)
    assert {key for key, one in found.items() if one.state == "ENABLED"} == {KEY}
    assert found[KEY].metadata["release"] == release.id
    assert found[f"{FEATURE}.zh-Hans"].metadata == {"reason": "not_approved"}
    assert all(one.default_variant == "off" for one in found.values())
    assert found[KEY].targeting["if"][1] == "on"  # type: ignore[index]


def test_a_stage_is_a_fraction(
    opened: Opened, rules: Rules, digest: str, approve: Callable[..., Approval]
) -> None:
    """Of those that the market's regions let in, as large a share as the gate draws."""
    approve()
    one = steps.start(opened, rules, digest)
    rule: Any = flags(opened, rules).flags[KEY].targeting["if"]
    where, share, otherwise = rule
    drawn = round(one.user_fraction * 1_000_000)
    assert share["fractional"][1:] == [["on", drawn], ["off", 1_000_000 - drawn]]
    assert {"in": [{"var": "device_region"}, ["CN"]]} in where["and"] and otherwise == "off"


def test_a_halt_is_followed(opened: Opened, rules: Rules, release: Release) -> None:
    """Of one kind of app by the rule, and of everything by the state."""
    steps.order_halt(opened, "CN", Scope(feature=FEATURE, app_category="mail"), "drill")
    where = flags(opened, rules).flags[KEY].targeting["if"][0]  # type: ignore[index]
    assert {"!": [{"in": [{"var": ["app_category", ""]}, ["", "mail"]]}]} in where["and"]
    steps.order_halt(opened, "CN", Scope(feature=FEATURE), "drill")
    assert flags(opened, rules).flags[KEY].state == "DISABLED"


@pytest.mark.usefixtures("release")
def test_a_file_that_says_more_is_told_and_opens_nothing(
    opened: Opened, rules: Rules, tmp_path: Path
) -> None:
    """Written, read back and compared; then somebody edits it."""
    path, folder = tmp_path / "flags.json", str(opened.workspace.folder)
    runner = CliRunner()
    done = runner.invoke(rollout, ["flags", "--workspace", folder, "--write", str(path)])
    assert done.exit_code == 0 and KEY in done.output
    same = runner.invoke(rollout, ["flags", "--workspace", folder, "--flagd", str(path)])
    assert same.exit_code == 0 and "what the gate says" in same.output
    ours = flags(opened, rules)
    document = msgspec.json.decode(msgspec.json.encode(ours))
    document["flags"]["summarize.zh-Hans"]["state"] = "ENABLED"
    document["flags"][KEY]["targeting"] = {}
    del document["flags"]["priority.en"]
    path.write_bytes(msgspec.json.encode(document))
    found = compare(read_flags(path), ours)
    assert [(one.flag, one.part, one.opens) for one in found] == [
        (KEY, "targeting", True),
        ("summarize.zh-Hans", "state", True),
        ("priority.en", "flag", False),
    ]
    done = runner.invoke(rollout, ["flags", "--workspace", folder, "--flagd", str(path)])
    assert done.exit_code == 1 and "OPENS" in done.output
    assert flags(opened, rules) == ours


def test_what_is_no_file_of_flags_is_refused(tmp_path: Path) -> None:
    """By name, and with what is wrong."""
    with pytest.raises(NotFound):
        read_flags(tmp_path / "none.json")
    path = tmp_path / "flags.json"
    for text in ("[]", '{"flags": {"a": {"state": "MAYBE"}}}', "{"):
        path.write_text(text)
        with pytest.raises(Malformed, match="flagd"):
            read_flags(path)
