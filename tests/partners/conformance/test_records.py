"""Records: what was measured is kept whole, and a stand-in's never stands for a partner's."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from pratique.errors import Malformed, Unavailable
from pratique.partners.conformance.records import keep, read_measured
from pratique.partners.conformance.report import CheckResult, Measured, Report

MADE = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def report(against: str, model: str = "deepseek-flash") -> Report:
    """Return a small report."""
    return Report(
        partner="deepseek",
        model=model,
        against=against,
        made=MADE,
        passed=1,
        failed=0,
        unsupported=0,
        calls=1,
        input_tokens=12,
        output_tokens=7,
        checks=(CheckResult(id="plain-answer", status="passed", seconds=0.25),),
        capabilities=Measured(against=against, made=MADE, stream=True, pictures=False),
    )


def test_what_was_measured_is_read_back(tmp_path: Path) -> None:
    """None stays apart from no."""
    path = keep(report("api.deepseek.com"), tmp_path / "capabilities")
    assert path.name == "deepseek--deepseek-flash.json"
    found = read_measured(tmp_path / "capabilities", "deepseek/deepseek-flash")
    assert found == report("api.deepseek.com").capabilities
    assert found is not None and found.tools is None and found.pictures is False


def test_a_record_is_canonical(tmp_path: Path) -> None:
    """The same report gives the same bytes, with sorted keys."""
    path = keep(report("api.deepseek.com"), tmp_path)
    first = path.read_bytes()
    assert keep(report("api.deepseek.com"), tmp_path).read_bytes() == first
    keys = list(msgspec.json.decode(first))
    assert keys == sorted(keys)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_stand_in_is_no_measurement(tmp_path: Path) -> None:
    """It is returned only when asked for, and never takes the place of a live record."""
    keep(report("stand-in"), tmp_path)
    assert read_measured(tmp_path, "deepseek/deepseek-flash") is None
    keep(report("api.deepseek.com"), tmp_path)
    keep(report("stand-in"), tmp_path)
    live = read_measured(tmp_path, "deepseek/deepseek-flash")
    played = read_measured(tmp_path, "deepseek/deepseek-flash", stand_in=True)
    assert live is not None and live.against == "api.deepseek.com"
    assert played is not None and played.against == "stand-in"


def test_a_stand_ins_record_under_the_name_of_a_measurement_is_refused(tmp_path: Path) -> None:
    """A file that was renamed by hand does not become a measurement."""
    path = keep(report("stand-in"), tmp_path)
    path.rename(tmp_path / "deepseek--deepseek-flash.json")
    with pytest.raises(Malformed, match="wrong file"):
        read_measured(tmp_path, "deepseek/deepseek-flash")


def test_nothing_measured_is_none(tmp_path: Path) -> None:
    """A folder that was never made holds nothing."""
    assert read_measured(tmp_path / "absent", "deepseek/deepseek-flash") is None


@pytest.mark.parametrize("content", ["", "{}", "no JSON", '{"version": 1, "strange": 2}', "\udcff"])
def test_a_broken_record_is_an_error(tmp_path: Path, content: str) -> None:
    """It is not taken for nothing."""
    path = tmp_path / "deepseek--deepseek-flash.json"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(Malformed, match="not a report") as caught:
        read_measured(tmp_path, "deepseek/deepseek-flash")
    assert "partner check deepseek/deepseek-flash" in caught.value.hint


def test_a_record_of_another_model_or_version_is_an_error(tmp_path: Path) -> None:
    """A file that was copied by hand says so."""
    path = keep(report("api.deepseek.com", model="deepseek-v4-pro"), tmp_path)
    copy = tmp_path / "deepseek--deepseek-flash.json"
    copy.write_bytes(path.read_bytes())
    with pytest.raises(Malformed, match="deepseek-v4-pro"):
        read_measured(tmp_path, "deepseek/deepseek-flash")
    copy.write_bytes(
        msgspec.json.encode(msgspec.structs.replace(report("api.deepseek.com"), version=2))
    )
    with pytest.raises(Malformed, match="version 2"):
        read_measured(tmp_path, "deepseek/deepseek-flash")


def test_names_never_lead_out_of_the_folder(tmp_path: Path) -> None:
    """A model's name may hold a slash or a colon."""
    path = keep(report("api.deepseek.com", model="../org/model:8b"), tmp_path)
    assert path.parent == tmp_path
    assert read_measured(tmp_path, "deepseek/../org/model:8b") is not None


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The message says what stands in the way."""
    blocked = tmp_path / "capabilities"
    blocked.write_text("a file", encoding="utf-8")
    with pytest.raises(Unavailable, match="cannot write"):
        keep(report("api.deepseek.com"), blocked)
