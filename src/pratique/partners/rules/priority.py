"""Priority: whether a notification is worth an interruption now, and which rule says so."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property

from pratique.partners.rules import words
from pratique.partners.rules.records import Priority, PriorityInput, Reason
from pratique.partners.rules.times import another_day, minutes_ahead

_READ = 4_000
"""Characters of a body that are read."""

_STALE = timedelta(hours=6)
_CODE_LIVES = timedelta(minutes=15)
_CODE = re.compile(r"(?<![\d.,])\d{4,8}(?!\d|[.,]\d)|\b\d{3}[ -]\d{3}\b")
_PERSONAL = ("messages", "mail", "social", "work")
_COMMERCIAL = ("shopping", "games", "news", "social")


@dataclass(frozen=True)
class Notice:
    """A notification with what the rules ask of it."""

    source: PriorityInput
    """The notification, the time and the contacts."""

    locale: str
    """Whose phrases are looked for."""

    @property
    def category(self) -> str:
        """Kind of application it came from."""
        return self.source.item.app_category

    @cached_property
    def text(self) -> str:
        """Title and body, folded."""
        item = self.source.item
        return f"{item.title[:_READ]}\n{item.body[:_READ]}".casefold().replace("’", "'")

    @cached_property
    def ahead(self) -> list[float]:
        """Minutes to each moment of today that it names."""
        return minutes_ahead(self.text, self.source.item.ts, self.source.now)

    @cached_property
    def other_day(self) -> bool:
        """Whether it speaks of another day."""
        return another_day(self.text, self.source.now)

    @cached_property
    def close(self) -> bool:
        """Whether somebody close to the user sent it."""
        title = self.source.item.title.casefold()
        names = (name.strip().casefold() for name in self.source.contacts)
        return any(name and name in title for name in names)

    @property
    def age(self) -> timedelta:
        """How long ago it came in."""
        return self.source.now - self.source.item.ts

    def says(self, name: str) -> bool:
        """Whether it has a phrase of the list *name*."""
        return _phrases(self.locale, name).search(self.text) is not None

    def within(self, first: float, last: float) -> bool:
        """Whether it names a moment from *first* to *last* minutes from now."""
        return any(first <= each <= last for each in self.ahead)


def priority(source: PriorityInput, locale: str) -> Priority:
    """Return whether *source* is urgent at its `now`, and the reason."""
    notice = Notice(source, locale)
    for rule in _RULES:
        reason = rule(notice)
        if reason is not None:
            return Priority(urgent=reason != "not_urgent", reason_code=reason)
    return Priority(urgent=False, reason_code="not_urgent")


def _bait(notice: Notice) -> Reason | None:
    """Advertising, prizes and phishing, however loud; and what came in long ago."""
    if notice.age > _STALE and not notice.within(-10, 180):
        return "not_urgent"
    stranger = not notice.close
    if notice.says("phishing") and stranger and notice.category not in ("security", "finance"):
        return "not_urgent"
    genuine = notice.category in ("security", "health", "calendar", "work", "system", "travel")
    if notice.says("bait") and not genuine and stranger and not _doorstep(notice):
        return "not_urgent"
    return "not_urgent" if notice.category == "games" else None


def _safety(notice: Notice) -> Reason | None:
    """Danger to life, health or home; in the news only what tells people to act."""
    if not notice.says("danger"):
        return None
    if not notice.close and (notice.says("calm") or notice.says("routine")):
        return None
    if notice.category in ("news", "social", "shopping", "finance", "delivery", "work"):
        return "safety" if notice.category == "news" and notice.says("act") else None
    if notice.other_day and not notice.close:
        return None
    return "safety"


def _security(notice: Notice) -> Reason | None:
    """A code that is still good, a login or a payment that may not be the user's own."""
    if notice.says("code") and _CODE.search(notice.text) and not notice.says("routine"):
        return "security_alert" if notice.age <= _CODE_LIVES else "not_urgent"
    if not notice.says("security") or notice.says("routine"):
        return None
    if notice.category in ("security", "finance", "system", "messages", "mail"):
        return "security_alert"
    return None


def _doorstep(notice: Notice) -> bool:
    """Whether a courier stands there, or cannot find the way."""
    return notice.category == "delivery" and notice.says("delivery")


def _delivery(notice: Notice) -> Reason | None:
    """A courier at the door, or minutes away."""
    if notice.category not in ("delivery", "shopping", "messages"):
        return None
    if not notice.says("delivery") or notice.other_day:
        return None
    if notice.category == "delivery":
        far = [each for each in notice.ahead if each > 20]
        return None if far and not notice.within(-15, 20) else "delivery_now"
    return "delivery_now" if notice.says("courier") else None


def _travel(notice: Notice) -> Reason | None:
    """A gate, a delay or a departure within hours, a driver who waits."""
    if notice.category != "travel" or not notice.says("travel"):
        return None
    if notice.other_day and not notice.within(-30, 360):
        return None
    if notice.says("routine") and not notice.within(-5, 180):
        return None
    soon = not notice.ahead or notice.within(-30, 480)
    return "travel_change" if soon else None


def _time(notice: Notice) -> Reason | None:
    """A meeting, an appointment or medicine that is due within half an hour."""
    if notice.category == "health" and notice.says("medicine") and not notice.says("calm"):
        return None if notice.other_day else "time_critical"
    if notice.category == "system" and notice.says("battery"):
        return "time_critical"
    if notice.category not in ("calendar", "work", "mail", "messages"):
        return None
    if notice.within(-10, 30) and notice.says("meeting"):
        return "time_critical"
    if notice.category == "calendar" and notice.says("moved") and not notice.other_day:
        return "time_critical" if not notice.ahead or notice.within(-10, 180) else None
    return None


def _work(notice: Notice) -> Reason | None:
    """Something broken, or somebody who cannot go on without the user."""
    if notice.category not in ("work", "mail", "messages") or notice.says("routine"):
        return None
    if notice.other_day and not notice.says("at_once"):
        return None
    if notice.category == "work":
        return "work_escalation" if notice.says("outage") or notice.says("now") else None
    return "work_escalation" if notice.says("outage") and notice.says("at_once") else None


def _money(notice: Notice) -> Reason | None:
    """A payment that failed, or that is due today."""
    if notice.category not in ("finance", "mail", "messages") or not notice.says("money"):
        return None
    if notice.says("routine") or notice.other_day:
        return None
    if notice.category != "finance" and not notice.says("bill"):
        return None
    dated = notice.says("today") or notice.within(-60, 1440) or not notice.says("due")
    return "money_action" if dated else None


def _contact(notice: Notice) -> Reason | None:
    """Somebody close who needs an answer now, or anybody who begs for one."""
    if notice.category not in _PERSONAL or notice.says("routine"):
        return None
    if notice.close and notice.category != "social":
        pressing = notice.says("contact") or notice.within(-10, 60)
        later = notice.other_day and not notice.says("at_once")
        return "close_contact" if pressing and not later else None
    if notice.category == "messages" and notice.says("reach"):
        return None if notice.other_day else "time_critical"
    return None


_RULES: tuple[Callable[[Notice], Reason | None], ...] = (
    _bait,
    _safety,
    _security,
    _delivery,
    _travel,
    _time,
    _work,
    _money,
    _contact,
)


@cache
def _phrases(locale: str, name: str) -> re.Pattern[str]:
    """Return a pattern of the phrases of a list, whole words in English."""
    every = sorted(
        words.phrases(locale, "priority.toml")[name], key=lambda each: (-len(each), each)
    )
    either = "|".join(re.escape(each.casefold()) for each in every)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if locale == "en" else either)
