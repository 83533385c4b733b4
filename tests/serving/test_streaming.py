"""Streams: nothing banned is ever shown, and what is shown is the answer, however it came."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pratique.errors import Malformed
from pratique.features.packs import find_packs, packaged, read_pack
from pratique.features.prompts import Reading
from pratique.features.reading import PlainText, Unreadable, read_answer
from pratique.labels.policy import label_policy
from pratique.partners.catalogue import find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.contract import Model, Reply
from pratique.privacy import Sensitive
from pratique.regimes.regime import load_regime
from pratique.screening.entries import Entry
from pratique.serving.answer import Answer, Way, answer
from pratique.serving.guard import Guard
from pratique.serving.streaming import Event, Piece, Retraction, stream
from pratique.serving.variant import Variant, variant_of
from tests.serving.playing import Judging, Player, Together, guard_of

PACK = read_pack(find_packs([packaged()])["summarize"])
CANDIDATE = find_candidate(read_partners([packaged_partners()]), "embedded/smollm2-135m")
LABEL = label_policy(load_regime("cn-cac"), "001191000000MA0000000N10001")
CHECKED = msgspec.structs.replace(
    variant_of(PACK, CANDIDATE, "CN", "en", LABEL), streams=True, world=()
)
FREE = msgspec.structs.replace(CHECKED, checks=())
"""A variant whose answers are free text: nothing but the text decides."""
REQUEST: Mapping[str, object] = {
    "text": "The water will be off on Friday from 9 am to noon. Please fill a bucket.",
    "kind": "article",
    "length": "short",
}
STOP = Entry(id="test-1", phrase="blue heron", risk="A.1h", action="stop")
REPLACE = Entry(id="test-2", phrase="grey goose", risk="A.1h", action="replace")
MASK = Entry(id="test-3", phrase="red kite", risk="A.1h", action="mask")
FLAG = Entry(id="test-4", phrase="brown owl", risk="A.1h", action="flag")
ALL = (STOP, REPLACE, MASK, FLAG)
NOTHING = Sensitive(REQUEST)


def streamed(
    variant: Variant,
    model: Model,
    guard: Guard,
    *,
    request: Mapping[str, object] = REQUEST,
    deadline: float = 5.0,
    fallbacks: Sequence[Way] = (),
) -> list[Event]:
    """Return every event of one stream."""

    async def run() -> list[Event]:
        return [
            event
            async for event in stream(
                variant,
                Sensitive(request),
                model,
                content_id="c-1",
                deadline=deadline,
                guard=guard,
                fallbacks=fallbacks,
            )
        ]

    return asyncio.run(run())


def shown(events: Sequence[Event]) -> str:
    """Return all pieces, put together."""
    return "".join(one.text.reveal() for one in events if isinstance(one, Piece))


def last(events: Sequence[Event]) -> Answer:
    """Return the one answer, which is last."""
    answers = [one for one in events if isinstance(one, Answer)]
    assert len(answers) == 1 and events[-1] is answers[0]
    return answers[0]


def read(text: str) -> str:
    """Return what a text reads as, empty where it is none."""
    try:
        return str(read_answer(Reading(form="text", field="s"), text)["s"])
    except Unreadable:
        return ""


def retractions(events: Sequence[Event]) -> list[Retraction]:
    """Return the retractions."""
    return [one for one in events if isinstance(one, Retraction)]


WORDS = ("blue heron", "grey goose", "red kite", "brown owl", "blue", "heron", "grey ", "kite")
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(
            ("b l u e heron", "BLUE HERON", "bl\u200bue heron", "“", '"', " ", "\n", ".")
        ),
        st.text(alphabet="ab lue\n", max_size=4),
    ),
    max_size=12,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(
    TEXTS, st.lists(st.integers(0, 120), max_size=8), st.lists(st.sampled_from(ALL), unique=True)
)
def test_however_it_comes_a_stream_is_the_whole_answer(
    text: str, cuts: list[int], entries: list[Entry]
) -> None:
    """Same status, same output, same rules; pieces are the output; no hard hit is ever shown."""
    guard = guard_of(*entries)
    at = sorted({0, *(min(one, len(text)) for one in cuts), len(text)})
    pieces = [text[start:end] for start, end in pairwise(at)]
    events = streamed(FREE, Player(*pieces), guard)
    found = last(events)
    whole = asyncio.run(
        answer(FREE, NOTHING, Player(text), content_id="c-1", deadline=5.0, guard=guard)
    )
    assert (found.status, found.reason, set(found.hits)) == (
        whole.status,
        whole.reason,
        set(whole.hits),
    )
    if found.status == "ok":
        assert found.output is not None and whole.output is not None
        assert found.output.reveal() == whole.output.reveal()
        assert shown(events) == found.output.reveal()["summary"]
        assert found.label == whole.label
    prefix = shown(events)
    for hit in guard.screen.check(read(text), "output").hits:
        if hit.action in ("stop", "replace"):
            assert len(prefix) <= hit.anchor
        if hit.action == "mask":
            assert set(prefix[hit.start : hit.end]) <= {"■"}
    if any(rule == REPLACE.id for rule in found.hits) and shown(events):
        assert retractions(events)


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=6), st.lists(st.sampled_from(ALL), unique=True), st.booleans())
def test_pieces_that_come_together_come_to_the_same(
    pieces: list[str], entries: list[Entry], judged: bool
) -> None:
    """Screened in one pass, shown as pieces, no more than came; never more of what has to go."""
    guard = guard_of(*entries, judges=(Judging("kite"),) if judged else ())
    one, other = (streamed(FREE, kind(*pieces), guard) for kind in (Player, Together))
    assert last(one).status == last(other).status
    if last(one).output is not None:
        assert shown(one) == shown(other)
    if not judged:
        assert _plain(last(one)) == _plain(last(other))
        assert shown(one) == shown(other) or (
            retractions(one) and shown(one).startswith(shown(other))
        )
        # The last one is what is still held when the answer ends.
        assert sum(isinstance(event, Piece) for event in other) <= len(pieces) + 1


def _plain(event: Event) -> object:
    if isinstance(event, Piece):
        return event.text.reveal(), event.by
    return event if isinstance(event, Retraction) else (event.status, event.reason, event.hits)


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=" \n\"“”'ab「」", max_size=14), st.lists(st.integers(0, 14), max_size=5))
def test_plain_text_reads_the_same_in_pieces(text: str, cuts: list[int]) -> None:
    """Space around it and quotation marks are no part of it, however it is cut."""
    reader, found = PlainText(), ""
    at = sorted({0, *(min(one, len(text)) for one in cuts), len(text)})
    for start, end in pairwise(at):
        found += reader.feed(text[start:end])
    found += reader.finish()
    assert found == read(text)


def test_a_stop_leaves_what_was_before_and_closes_the_upstream() -> None:
    """Nothing of the hit is shown, the stock answer is given, and no token more is paid for."""
    player = Player("We saw a bl", "ue her", "on on", " the lake", " and more")
    events = streamed(FREE, player, guard_of(STOP))
    found = last(events)
    assert shown(events) == "We saw a "
    assert (found.status, found.reason, found.hits) == ("blocked", "output_screened", ("test-1",))
    assert found.output is None and found.label is None and found.said is not None
    assert not retractions(events)
    assert (player.said, player.closed) == (3, 1)


def test_a_replacement_takes_back_what_was_shown() -> None:
    """The clean part before such a hit must go as well, and words of ours stand in its place."""
    events = streamed(FREE, Player("Hello there, ", "grey", " goose"), guard_of(REPLACE))
    found, gone = last(events), retractions(events)
    assert shown(events) and len(gone) == 1
    assert gone[0].reason == "output_screened"
    assert found.said is not None and gone[0].replacement == found.said.text


def test_a_mask_hides_and_goes_on() -> None:
    """As many marks as characters; the output is what was shown."""
    events = streamed(FREE, Player("A red", " kite", " flew"), guard_of(MASK))
    found = last(events)
    assert shown(events) == "A ■■■■■■■■ flew"
    assert found.status == "ok" and found.output is not None
    assert found.output.reveal() == {"summary": "A ■■■■■■■■ flew"}


def test_thoughts_are_never_passed_on() -> None:
    """They are a sign of life and no more."""
    events = streamed(FREE, Player("Fine.", thoughts=("blue heron", "hm")), guard_of(STOP))
    assert shown(events) == "Fine." and last(events).status == "ok"


def test_pieces_come_as_the_model_says_them() -> None:
    """Nothing but what may still become a hit is held back."""
    events = streamed(FREE, Player("One ", "two ", "blue ", "three"), guard_of(STOP))
    assert [one.text.reveal() for one in events if isinstance(one, Piece)] == [
        "One",
        " two",
        " ",
        "blue three",
    ]


def test_a_check_that_fails_at_the_end_takes_back_what_was_shown() -> None:
    """The pack said that its text may be shown before its checks are known."""
    events = streamed(CHECKED, Player("Water off ", "on Friday from 8 am."), guard_of())
    found = last(events)
    assert found.status == "invalid" and shown(events)
    assert [one.reason for one in retractions(events)] == ["invalid"]


def test_without_leave_of_its_pack_a_checked_answer_shows_nothing_before_the_end() -> None:
    """A text that may be taken back is not shown unless somebody chose that."""
    kept = msgspec.structs.replace(CHECKED, streams=False)
    events = streamed(kept, Player("The water is off on ", "Friday from 9 am to noon."), guard_of())
    assert [type(one) for one in events] == [Answer] and last(events).status == "ok"


@pytest.mark.parametrize(
    ("status", "ends", "reason"),
    [
        ("output_blocked", "blocked", "partner_blocked"),
        ("refused", "refused", "refused"),
        ("timeout", "failed", "failed"),
        ("unavailable", "failed", "failed"),
    ],
)
def test_text_of_a_stream_that_ends_badly_is_taken_back(
    status: str, ends: str, reason: str
) -> None:
    """It carries no label and is no answer."""
    reply = Reply(status=status)  # type: ignore[arg-type]
    events = streamed(FREE, Player("Half an ", "answer", reply=reply), guard_of())
    assert last(events).status == ends
    assert [one.reason for one in retractions(events)] == [reason]


def test_free_text_that_is_cut_at_the_limit_is_told_and_kept() -> None:
    """What was shown stays, labelled, and is said to be cut."""
    reply = Reply(status="ok", truncated=True)
    events = streamed(FREE, Player("Half an ", "answ", reply=reply), guard_of())
    found = last(events)
    assert found.status == "truncated" and found.label is not None and not retractions(events)
    assert found.output is not None and found.output.reveal() == {"summary": "Half an answ"}


def test_a_client_that_goes_closes_the_upstream() -> None:
    """Nobody pays for text that nobody reads."""
    player = Player("One ", "two ", "three ", "four ")

    async def run() -> None:
        events = stream(FREE, NOTHING, player, content_id="c", deadline=5.0, guard=guard_of())
        async for _ in events:
            break
        await events.aclose()

    asyncio.run(run())
    assert player.closed == 1 and player.said < 4


def test_a_stream_that_falls_silent_is_given_up_at_its_deadline() -> None:
    """The client's deadline holds, whatever the model does."""
    player = Player("One ", "two ", delays=(0.0, 30.0))
    events = streamed(FREE, player, guard_of(), deadline=0.05)
    assert last(events).reply == "timeout" and player.closed == 1
    assert [one.reason for one in retractions(events)] == ["failed"]


def test_a_fallback_is_tried_while_nothing_was_shown() -> None:
    """The answer says which way it came."""
    down, up = Player(reply=Reply(status="overloaded")), Player("Fine.")
    events = streamed(FREE, down, guard_of(), fallbacks=[(FREE, up)])
    assert shown(events) == "Fine." and last(events).by == 1 and last(events).status == "ok"


@pytest.mark.parametrize("status", ["refused", "input_blocked", "output_blocked", "bad_request"])
def test_nothing_that_was_refused_is_shopped_round_the_partners(status: str) -> None:
    """A regulator asks about that first."""
    first, second = Player(reply=Reply(status=status)), Player("Fine.")  # type: ignore[arg-type]
    events = streamed(FREE, first, guard_of(), fallbacks=[(FREE, second)])
    assert not second.calls and last(events).by == 0
    found = asyncio.run(
        answer(
            FREE,
            NOTHING,
            first,
            content_id="c",
            deadline=5.0,
            guard=guard_of(),
            fallbacks=[(FREE, second)],
        )
    )
    assert not second.calls and found.by == 0


def test_no_fallback_after_the_first_piece() -> None:
    """Two halves of two models are no answer."""
    first, second = Player("Half ", reply=Reply(status="unavailable")), Player("Fine.")
    events = streamed(FREE, first, guard_of(), fallbacks=[(FREE, second)])
    assert not second.calls and last(events).status == "failed"


def test_a_fallback_for_another_locale_is_refused() -> None:
    """No other language stands in."""
    other = msgspec.structs.replace(FREE, locale="zh-Hans")
    with pytest.raises(Malformed, match="fallback"):
        streamed(FREE, Player("x"), guard_of(), fallbacks=[(other, Player("y"))])


def test_a_judge_holds_text_until_it_has_spoken() -> None:
    """Held strictly, nothing runs ahead of the verdict; an unsafe text never shows its bad part."""
    judge = Judging("violet")
    text = ["It was a long day. ", "All was well there. ", "Then violet came up. ", "violet again."]
    events = streamed(FREE, Player(*text), guard_of(judges=[judge]))
    found = last(events)
    assert (found.status, found.reason) == ("blocked", "output_screened")
    assert "violet" not in shown(events) and "rote/judge:violence" in found.hits
    assert {role for role, _ in judge.heard} == {"input", "output"}


def test_what_a_judge_lets_through_is_shown_whole() -> None:
    """Pieces are the answer, with a judge beside as without."""
    text = ["It was a long day. ", "All was well there. ", "Nothing else came up."]
    events = streamed(FREE, Player(*text), guard_of(judges=[Judging("violet")]))
    assert shown(events) == "".join(text) and last(events).status == "ok"


def test_a_silent_judge_of_a_hard_risk_stops() -> None:
    """No verdict is no pass."""
    judge = Judging("violet", gate=lambda text: 9.0 if "long" in text else 0.0)
    events = streamed(FREE, Player("It was a long day."), guard_of(judges=[judge], seconds=0.02))
    found = last(events)
    assert found.status == "blocked" and "rote/judge:timeout" in found.hits and not shown(events)


def test_a_silent_judge_of_a_soft_risk_is_noted() -> None:
    """It goes on, and says so."""
    judge = Judging("violet", "advertising", gate=lambda text: 9.0 if "long" in text else 0.0)
    events = streamed(FREE, Player("It was a long day."), guard_of(judges=[judge], seconds=0.02))
    found = last(events)
    assert found.status == "ok" and "rote/judge:timeout" in found.hits
    assert shown(events) == "It was a long day."
