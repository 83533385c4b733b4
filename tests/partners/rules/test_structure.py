"""Lists and tables by rules: all that the text says, in its order, and nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.partners.rules.records_text import Items, StructureInput, Table
from pratique.partners.rules.structure import structure
from tests.partners.rules.scoring import LOCALES, passed, valid


def listed(text: str, locale: str = "en") -> tuple[str, ...]:
    """Return the entries of *text*."""
    found = structure(StructureInput(text=text, form="list"), locale)
    assert isinstance(found, Items)
    return found.items


def table(text: str, locale: str = "en") -> Table:
    """Return the table of *text*."""
    found = structure(StructureInput(text=text, form="table"), locale)
    assert isinstance(found, Table)
    return found


@pytest.mark.parametrize(
    ("locale", "text", "items"),
    [
        ("en", "Apples, pears and two melons.", ("Apples", "pears", "two melons")),
        ("en", "Don't forget the soap, but no towels.", ("soap",)),
        ("en", "We need 3 chairs, 2 tables – sorry, 4 tables.", ("3 chairs", "4 tables")),
        ("en", "Please buy milk and 1,000 napkins. No sugar.", ("milk", "1,000 napkins")),
        ("zh-Hans", "带伞、雨衣，不用带鞋套。", ("伞", "雨衣")),
        ("zh-Hans", "别忘了护照、充电器和毛巾。", ("护照", "充电器", "毛巾")),
        ("zh-Hant", "別忘了乾糧、護照和毛巾。", ("乾糧", "護照", "毛巾")),
    ],
)
def test_entries_are_what_is_meant(locale: str, text: str, items: tuple[str, ...]) -> None:
    """What is taken back or ruled out is no entry; a thousand is one number."""
    assert listed(text, locale) == items


def test_steps_keep_their_verbs_and_their_order() -> None:
    """A step without its verb says nothing."""
    text = "Call the dentist, pick up the parcel, and pay the rent."
    assert listed(text) == ("Call the dentist", "pick up the parcel", "pay the rent")


def test_values_of_one_kind_stand_in_one_column() -> None:
    """A cell that the text does not fill is empty."""
    found = table("Room 1: 2 beds, 80 euros; room 2: 60 euros.")
    assert found.columns[0] == "Room"
    assert [row[-1] for row in found.rows] == ["80 euros", "60 euros"]
    assert found.rows[1][1] == ""


def test_a_corrected_value_counts() -> None:
    """The first one was wrong."""
    found = table("Bus 3 at 8:10, bus 4 at 8:30 – no, 8:40.")
    assert found.rows == (("3", "8:10"), ("4", "8:40"))


def test_a_head_that_is_told_is_the_head() -> None:
    """The text names its own columns."""
    found = table("Name, room: Ada 3; Bo 5.")
    assert found == Table(columns=("Name", "room"), rows=(("Ada", "3"), ("Bo", "5")))


def test_a_traditional_table_keeps_its_letters() -> None:
    """Cells are copied as they stand."""
    found = table("蘋果五塊一斤，梨三塊五，葡萄還沒定價。", "zh-Hant")
    assert found.rows == (("蘋果", "五塊一斤"), ("梨", "三塊五"), ("葡萄", "還沒定價"))


def test_units_are_not_converted() -> None:
    """What the text measures in stays."""
    cells = {cell for row in table("Oak 12 m, elm 30 ft.").rows for cell in row}
    assert {"12 m", "30 ft"} <= cells


ALPHABET = "abc Ada 12:,;.、，；。：-–\n|\t（）()元点and no sorry 周一不要和还有$€@."


@pytest.mark.parametrize("locale", LOCALES)
@given(text=(st.text(max_size=80) | st.text(ALPHABET, max_size=80)).filter(bool))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_list_and_a_rectangular_table(locale: str, text: str) -> None:
    """Nothing crashes, and nothing comes back out of shape."""
    assert valid("structure", structure(StructureInput(text=text, form="list"), locale))
    found = table(text, locale)
    assert valid("structure", found)
    assert {len(row) for row in found.rows} == {len(found.columns)}


@pytest.mark.parametrize("form", ["list", "table"])
@pytest.mark.parametrize("piece", ["a, ", "a: b; ", "((", "1 ", "和", "no, ", "周一", "a and b "])
def test_long_hostile_text_is_answered(form: str, piece: str) -> None:
    """No pattern may run away."""
    for locale in LOCALES:
        given_in = StructureInput(text=piece * 2_000, form="list" if form == "list" else "table")
        assert structure(given_in, locale)


@pytest.mark.parametrize(("locale", "least"), [("en", 16), ("zh-Hans", 16), ("zh-Hant", 10)])
def test_development_samples_pass(locale: str, least: int) -> None:
    """What the rules were written by."""
    right, _ = passed("structure", locale, StructureInput, structure)
    assert right >= least
