"""Requests for content without a visible label: agreed, logged, and forgotten after six months."""

from datetime import UTC, datetime, timedelta

import pytest

from pratique.errors import Malformed, NotAllowed
from pratique.labels.unlabelled import give_unlabelled, list_unlabelled, months_after
from pratique.regimes.regime import load_regime
from pratique.workspace.opened import Opened

CN = load_regime("cn-cac")
NOW = datetime(2026, 8, 31, 9, tzinfo=UTC)
AGREEMENT = "ab" * 32


def test_a_request_is_kept_for_six_months_and_then_deleted(opened: Opened) -> None:
    """Never less than the rule asks for; the next request deletes what is over."""
    with opened.database.begin() as connection:
        for day, who in ((0, "u-1"), (183, "u-2")):
            give_unlabelled(
                connection,
                CN,
                recipient=who,
                content_id="c-1",
                agreement_sha256=AGREEMENT,
                now=NOW + timedelta(days=day),
            )
        kept = list_unlabelled(connection)
    assert [one.recipient for one in kept] == ["u-2"]
    assert kept[0].agreement_sha256 == AGREEMENT


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 8, 31, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)),
        (datetime(2026, 6, 30, tzinfo=UTC), datetime(2026, 12, 30, tzinfo=UTC)),
    ],
)
def test_six_months_are_never_short(start: datetime, end: datetime) -> None:
    """A month without that day counts to the first of the next; 31 December to 1 July."""
    assert months_after(start, 6) == end


@pytest.mark.parametrize(
    ("recipient", "agreement", "why"),
    [("", AGREEMENT, "recipient"), ("李 雷", AGREEMENT, "recipient"), ("u-1", "x", "agreement")],
)
def test_nobody_unnamed_and_nothing_unagreed(
    opened: Opened, recipient: str, agreement: str, why: str
) -> None:
    """And the value is not quoted: errors are logged."""
    with opened.database.begin() as connection, pytest.raises(Malformed, match=why) as caught:
        give_unlabelled(
            connection, CN, recipient=recipient, content_id="c", agreement_sha256=agreement, now=NOW
        )
    assert not recipient or recipient not in caught.value.message


def test_a_regime_without_such_a_request_refuses_it(opened: Opened) -> None:
    """There the visible label is always due."""
    with opened.database.begin() as connection, pytest.raises(NotAllowed, match="knows no request"):
        give_unlabelled(
            connection,
            load_regime("kr-ai-basic"),
            recipient="u-1",
            content_id="c",
            agreement_sha256=AGREEMENT,
            now=NOW,
        )
