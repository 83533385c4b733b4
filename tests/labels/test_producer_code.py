"""Producer codes: 27 characters with a check digit inside."""

import pytest

from pratique.errors import Malformed
from pratique.labels.producer_code import build_code, check_digit, credit_code_fault, parse_code

# Both stand in files that anybody can download.
SEEN = ["001191110102MAD55U9H0F10002", "001191440300708461136T1XGW3"]


@pytest.mark.parametrize("text", SEEN)
def test_public_codes_are_read_and_built_again(text: str) -> None:
    """27 characters, and the check digit is right."""
    code = parse_code(text)
    assert code.text == text
    assert len(text) == 27
    assert build_code(code.credit_code, service="1", application=code.application) == code


@pytest.mark.parametrize("text", SEEN)
def test_a_single_wrong_character_is_found(text: str) -> None:
    """The check digit sees every change of one character of the credit code."""
    for place in range(4, 22):
        for other in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            if other != text[place]:
                with pytest.raises(Malformed, match="should end in the check digit"):
                    parse_code(text[:place] + other + text[place + 1 :])


@pytest.mark.parametrize("text", SEEN)
def test_two_neighbours_exchanged_are_found(text: str) -> None:
    """The usual slip of whoever types it."""
    credit = text[4:22]
    for place in range(17):
        swapped = credit[:place] + credit[place + 1] + credit[place] + credit[place + 2 :]
        if swapped != credit:
            assert credit_code_fault(swapped)


def test_the_check_digit_may_be_any_of_31() -> None:
    """Zero too, where the sum is a multiple of 31 already."""
    found = {check_digit(f"9100000000000{a}{b}00") for a in range(10) for b in range(10)}
    assert "0" in found
    assert len(found) == 31


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (SEEN[0][:-1], "has 26 characters"),
        (SEEN[0] + "0", "has 28 characters"),
        ("01" + SEEN[0][2:], "does not begin with"),
        (SEEN[0].replace("MAD", "MAI"), "without I, O, S, V and Z"),
        (SEEN[0][:4] + "１" + SEEN[0][5:], "without I, O, S, V and Z"),
        (SEEN[0][:22] + "3" + SEEN[0][23:], "names the service `3`"),
        (SEEN[0][:22] + "0" + SEEN[0][23:], "names the service `0`"),
        (SEEN[0][:23] + "00a2", "ends in `00a2`"),
        ("", "has 0 characters"),
    ],
)
def test_a_code_that_is_none_says_why(text: str, why: str) -> None:
    """The message names the part."""
    with pytest.raises(Malformed, match=why):
        parse_code(text)


def test_a_code_without_extension_ends_in_zeros() -> None:
    """Whoever is only named takes `00000`."""
    credit = SEEN[0][4:22]
    assert build_code(credit, service="0").text.endswith("00000")
    assert build_code(credit, service="2").text.endswith("20000")
