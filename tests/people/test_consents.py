"""Consents: for one input, one feature and one device, as the maker signed them, until they end."""

import base64
import string
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pratique.errors import NotAllowed
from pratique.people.consents import (
    FIELD,
    Consent,
    content_of,
    issue_consent,
    read_consent,
    without_consent,
)
from pratique.people.device_tokens import MAX_CHARACTERS, Claims, issue_token, read_token
from pratique.people.keys import SigningKey, verify_signature

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
REQUEST: Mapping[str, object] = {
    "image": {"media_type": "image/png", "data": "aGFyYm91cg=="},
    "question": "When does the ferry leave?",
}
CONSENT = Consent(
    feature="vision_ask",
    targeting_key="d1",
    content=content_of(REQUEST),
    expires=NOW + timedelta(minutes=5),
)
ALPHABET = string.ascii_letters + string.digits + "-_+/=. \n\0é"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    """The maker's key."""
    return SigningKey.create(tmp_path_factory.mktemp("maker") / "signing.pem")


def by(*keys: SigningKey) -> Callable[[str, bytes, bytes], bool]:
    """Return what checks signatures where *keys* are known."""
    known = {one.key_id: one.public_key for one in keys}
    return lambda key_id, message, signature: verify_signature(known, key_id, message, signature)


def refused(token: str, key: SigningKey, now: datetime = NOW) -> str:
    """Return in which words *token* is refused, after checking that there is a hint and no more."""
    with pytest.raises(NotAllowed) as caught:
        read_consent(token, by(key), now)
    assert caught.value.hint
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return caught.value.message


def packed(data: bytes) -> str:
    """Return *data* as a part of a token."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(key: SigningKey, body: bytes) -> str:
    """Return a token of *key* for any *body*, as another writer of the format would make it."""
    return (
        f"{key.key_id}.{packed(body)}.{packed(key.sign(b'pratique-consent-1' + bytes(1) + body))}"
    )


def test_a_signed_consent_says_what_was_agreed_to(key: SigningKey) -> None:
    """Feature, device, content and end come back as they went in."""
    assert read_consent(issue_consent(key, CONSENT), by(key), NOW) == CONSENT


@given(
    feature=st.text(max_size=60),
    device=st.text(max_size=120),
    content=st.text(alphabet="0123456789abcdef", min_size=64, max_size=64),
    seconds=st.integers(1, 10**9),
)
def test_whatever_is_agreed_to_comes_back(
    key: SigningKey, feature: str, device: str, content: str, seconds: int
) -> None:
    """No name is too odd for a token, be it dots, controls or another script."""
    consent = Consent(
        feature=feature,
        targeting_key=device,
        content=content,
        expires=NOW + timedelta(seconds=seconds),
    )
    token = issue_consent(key, consent)
    if len(token) > MAX_CHARACTERS:
        assert "not one that this maker signed" in refused(token, key)
    else:
        assert read_consent(token, by(key), NOW) == consent


def test_a_consent_ends_at_its_moment_not_after_it(key: SigningKey) -> None:
    """Short-lived means that the last moment is no longer in it."""
    token = issue_consent(key, CONSENT)
    assert read_consent(token, by(key), CONSENT.expires - timedelta(microseconds=1)) == CONSENT
    for late in (timedelta(0), timedelta(microseconds=1), timedelta(days=4_000)):
        assert refused(token, key, CONSENT.expires + late) == "the consent has ended"


def test_an_end_without_a_zone_is_no_end(key: SigningKey) -> None:
    """Nobody can tell when it is, so it has passed."""
    naive = msgspec.structs.replace(CONSENT, expires=datetime(2099, 1, 1))  # noqa: DTZ001
    assert refused(issue_consent(key, naive), key) == "the consent has ended"


def test_an_end_in_another_zone_is_the_same_moment(key: SigningKey) -> None:
    """A maker's back end may write its own time."""
    body = msgspec.json.encode(CONSENT).replace(b"10:05:00Z", b"18:05:00+08:00")
    assert b"+08:00" in body
    found = read_consent(signed(key, body), by(key), NOW)
    assert found.expires == CONSENT.expires


def test_a_token_changed_at_any_place_is_refused(key: SigningKey) -> None:
    """Every character counts: one consent has one text, and no second one passes for it.

    Where a part ends, spare bits allow other spellings of the same bytes: there every character is
    tried, and elsewhere those beside it in the alphabet, whose bits are others.
    """
    token = issue_consent(key, CONSENT)
    ends = {len(token) - 1, *(at - 1 for at, one in enumerate(token) if one == ".")}
    for place, was in enumerate(token):
        at = ALPHABET.index(was)
        beside = ALPHABET[at - 1] + ALPHABET[(at + 1) % len(ALPHABET)]
        for other in ALPHABET if place in ends else beside:
            if other != was:
                changed = token[:place] + other + token[place + 1 :]
                assert refused(changed, key) == (
                    "the consent token is not one that this maker signed"
                )
        refused(token[:place] + token[place + 1 :], key)
        refused(token[:place] + was + token[place:], key)


def test_a_token_with_a_bit_of_its_content_turned_is_refused(key: SigningKey) -> None:
    """Below the encoding, too: no bit of body or signature may turn."""
    key_id, body, signature = issue_consent(key, CONSENT).split(".")
    parts = [base64.urlsafe_b64decode(part + "==") for part in (body, signature)]
    for which, part in enumerate(parts):
        for bit in range(len(part) * 8):
            harmed = bytearray(part)
            harmed[bit // 8] ^= 1 << bit % 8
            both = [*parts]
            both[which] = bytes(harmed)
            refused(".".join((key_id, packed(both[0]), packed(both[1]))), key)


@pytest.mark.parametrize("tail", ["=", "==", "===", "\n", " ", ".", ".x", "\0"])
def test_nothing_may_follow_a_token(key: SigningKey, tail: str) -> None:
    """Padding is no part of the form, and neither is anything else."""
    refused(issue_consent(key, CONSENT) + tail, key)


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "...", "a.b", "a.b.c", "consent-1", "é.é.é", "\ud800.a.b", "a" * 1_999, ".A.A"],
)
def test_what_is_no_token_is_refused_in_the_same_words(key: SigningKey, token: str) -> None:
    """Whoever guesses learns nothing from the answer."""
    assert refused(token, key) == "the consent token is not one that this maker signed"


def test_a_token_that_is_too_long_is_not_looked_at(key: SigningKey) -> None:
    """Checking a signature costs time, which a long text may not buy."""
    asked: list[str] = []

    def verifies(key_id: str, message: bytes, signature: bytes) -> bool:
        asked.append(key_id)
        return verify_signature({key.key_id: key.public_key}, key_id, message, signature)

    short, long = (
        issue_consent(key, msgspec.structs.replace(CONSENT, targeting_key="d" * count))
        for count in (1_000, 2_000)
    )
    assert len(short) <= MAX_CHARACTERS < len(long)
    assert read_consent(short, verifies, NOW).targeting_key == "d" * 1_000
    assert asked == [key.key_id]
    with pytest.raises(NotAllowed, match="not one that this maker signed"):
        read_consent(long, verifies, NOW)
    assert asked == [key.key_id]


def test_another_makers_key_signs_nothing_here(key: SigningKey, tmp_path: Path) -> None:
    """Neither under its own name nor under ours."""
    other = SigningKey.create(tmp_path / "other.pem")
    token = issue_consent(other, CONSENT)
    assert read_consent(token, by(other), NOW) == CONSENT
    assert "not one that this maker signed" in refused(token, key)
    refused(".".join((key.key_id, *token.split(".")[1:])), key)
    mine = issue_consent(key, CONSENT).split(".")
    refused(".".join((key.key_id, mine[1], token.split(".")[2])), key)


def test_a_device_token_is_no_consent_and_a_consent_no_device_token(key: SigningKey) -> None:
    """A signature holds for the purpose that it was made for."""
    claims = Claims(
        device_region="CN", account_region="CN", targeting_key="d1", expires=CONSENT.expires
    )
    refused(issue_token(key, claims), key)
    body = msgspec.json.encode(CONSENT)
    refused(f"{key.key_id}.{packed(body)}.{packed(key.sign(body))}", key)
    refused(
        f"{key.key_id}.{packed(body)}.{packed(key.sign(b'pratique-device-token-1' + bytes(1) + body))}",
        key,
    )
    with pytest.raises(NotAllowed, match="device token"):
        read_token(issue_consent(key, CONSENT), by(key), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"{}", b"[]", b"\xff", b"{", b'{"feature": "vision_ask"}',
        msgspec.json.encode(CONSENT)[:-1] + b',"more":1}',
        msgspec.json.encode(CONSENT).replace(b'"vision_ask"', b"7"),
        msgspec.json.encode(CONSENT).replace(b"2026-11-02T10:05:00Z", b"soon"),
    ],
)  # fmt: skip
def test_a_signed_body_of_another_shape_is_refused(key: SigningKey, body: bytes) -> None:
    """A newer maker's consent may say more than this service knows how to honour."""
    assert "not one that this maker signed" in refused(signed(key, body), key)


def test_a_token_shows_nothing_of_the_picture(key: SigningKey) -> None:
    """It carries a hash, so that it may pass where the picture may not."""
    token = issue_consent(key, CONSENT)
    body = base64.urlsafe_b64decode(token.split(".")[1] + "==")
    assert CONSENT.content.encode() in body
    assert b"aGFyYm91cg" not in body and b"ferry" not in body


def test_the_token_itself_is_not_part_of_what_is_hashed(key: SigningKey) -> None:
    """Otherwise no token could name the input that it travels in."""
    token = issue_consent(key, CONSENT)
    sent = {**REQUEST, FIELD: token}
    assert content_of(sent) == content_of(REQUEST) == CONSENT.content
    assert content_of({FIELD: "x", **REQUEST}) == CONSENT.content
    assert without_consent(sent) == REQUEST
    assert sent[FIELD] == token


def test_a_token_deeper_inside_is_part_of_what_is_hashed() -> None:
    """Only the field at the top is the consent: anything else may reach the partner."""
    assert content_of({**REQUEST, "more": {FIELD: "x"}}) != content_of({**REQUEST, "more": {}})


def test_the_order_of_fields_does_not_matter() -> None:
    """Whoever writes the JSON may sort it."""
    assert content_of(dict(reversed(list(REQUEST.items())))) == CONSENT.content


@pytest.mark.parametrize(
    "other",
    [
        {**REQUEST, "image": {"media_type": "image/png", "data": "aGFyYm91cQ=="}},
        {**REQUEST, "image": {"media_type": "image/jpeg", "data": "aGFyYm91cg=="}},
        {**REQUEST, "question": "When does the ferry leave? "},
        {**REQUEST, "question": "Who is that?"},
        {"image": REQUEST["image"]},
        {**REQUEST, "question": None},
        {**REQUEST, "more": 1},
        {},
    ],
)
def test_another_input_has_another_hash(other: Mapping[str, object]) -> None:
    """The consent is for this picture and this question."""
    assert content_of(other) != CONSENT.content


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(request=st.dictionaries(st.text(max_size=8), VALUES, max_size=5), token=st.text(max_size=20))
def test_any_input_keeps_its_hash_on_its_way(request: dict[str, object], token: str) -> None:
    """What the maker hashed before it was sent is what the service hashes when it has come."""
    sent = msgspec.json.decode(msgspec.json.encode({**request, FIELD: token}))
    assert content_of(sent) == content_of(request)
    assert FIELD not in without_consent(sent)
