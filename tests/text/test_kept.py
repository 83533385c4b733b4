"""Links, placeholders and codes that an answer must keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.text.kept import lost_codes, lost_links, lost_placeholders


@pytest.mark.parametrize(
    ("source", "text", "lost"),
    [
        ("see https://a.example/x", "see the page", ("https://a.example/x",)),
        ("见https://a.example/x。", "见 https://a.example/x", ()),
        ("https://a.example/", "https://a.example", ()),
        ("mail a.b@c.example", "mail them", ("a.b@c.example",)),
        ("HTTPS://A.example/x", "no link", ()),
        ("www.a.example and www.b.example", "www.b.example", ("www.a.example",)),
        ("no link", "https://new.example", ()),
    ],
)
def test_a_link_stands_or_is_lost(source: str, text: str, lost: tuple[str, ...]) -> None:
    """A closing stop or slash does not matter, another address does."""
    assert lost_links(source, text) == lost


@pytest.mark.parametrize(
    ("source", "text", "lost"),
    [
        ("Dear {name}, hi", "您好，{name}", ()),
        ("Dear {name}", "Dear customer", ("{name}",)),
        ("%s of %s", "%s", ("%s",)),
        ("%1$s", "%1$s", ()),
        ("{{first_name}}!", "!", ("{{first_name}}",)),
        ("<b>now</b>", "<b>now", ("</b>",)),
        ("30% so", "30%", ()),
        ("a < b and c > d", "a, d", ()),
        ("{0}/{1}", "{1}: {0}", ()),
        ("${total}", "", ("${total}",)),
        ("%(count)d items", "items", ("%(count)d",)),
    ],
)
def test_a_placeholder_stands_as_often_as_before(
    source: str, text: str, lost: tuple[str, ...]
) -> None:
    """A template breaks when one of them is gone; signs in prose are none."""
    assert lost_placeholders(source, text) == lost


@pytest.mark.parametrize(
    ("source", "text", "lost"),
    [
        ("flight MU5137", "the flight", ("MU5137",)),
        ("flight MU5137", "航班mu5137", ()),
        ("flight MU5137", "flight MU 5137", ()),
        ("flight MU5137", "flight MU5173", ("MU5137",)),
        ("order 20481177", "the order", ("20481177",)),
        ("order 20481177", "order 2048-1177", ()),
        ("parcel R-77-2093", "parcel", ("R-77-2093",)),
        ("验证码 4821，勿转告", "验证码已发", ("4821",)),
        ("Your code is 4821", "Your code came", ("4821",)),
        ("付款100000元", "付款10万元", ()),
        ("¥250000", "25万元", ()),
        ("1,250,000 people", "many", ()),
        ("a 20kg bag at 5pm", "a bag", ()),
        ("the 3rd try", "again", ()),
        ("in 2024", "then", ()),
        ("https://a.example/A12345", "here", ()),
        ("{item1234}", "", ()),
        ("5G and 4K", "fast", ()),
        ("room A36", "the room", ("A36",)),
    ],
)
def test_a_code_stands_or_is_lost(source: str, text: str, lost: tuple[str, ...]) -> None:
    """A code works to the letter; amounts, units and links are no codes."""
    assert lost_codes(source, text) == lost


@given(st.text(max_size=80), st.text(max_size=20))
def test_what_stays_loses_nothing(text: str, more: str) -> None:
    """No text crashes the look, and a copy has lost nothing."""
    assert lost_links(text, text) == ()
    assert lost_placeholders(text, text) == ()
    assert lost_codes(text, text) == ()
    assert isinstance(lost_codes(text, more), tuple)
