"""Records of the features that speak of pictures: the search for photos, the events on a poster."""

from typing import Literal

import msgspec


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all records here share: frozen, by keyword, no unknown fields."""


class PhotoQueryInput(_Record, frozen=True):
    """A search for photos, in the user's words."""

    query: str
    """What the user looks for."""

    today: str
    """The device's date, ISO 8601."""

    people: tuple[str, ...]
    """Names that the device knows from albums."""

    places: tuple[str, ...]
    """Places that the device knows from albums."""


class Dates(_Record, frozen=True):
    """A first and a last day, both included."""

    first: str = msgspec.field(name="from")
    """First day, ISO 8601."""

    last: str = msgspec.field(name="to")
    """Last day, ISO 8601."""


Thing = Literal[
    "animal",
    "art",
    "baby",
    "beach",
    "bicycle",
    "birthday",
    "boat",
    "building",
    "bus",
    "cake",
    "car",
    "cat",
    "child",
    "city",
    "coffee",
    "concert",
    "cooking",
    "dance",
    "document",
    "dog",
    "fireworks",
    "flower",
    "food",
    "forest",
    "friends",
    "game",
    "garden",
    "graduation",
    "group",
    "holiday",
    "home",
    "lake",
    "landscape",
    "mountain",
    "museum",
    "music",
    "night",
    "office",
    "party",
    "person",
    "plane",
    "plant",
    "rain",
    "receipt",
    "river",
    "school",
    "screenshot",
    "sea",
    "selfie",
    "sky",
    "snow",
    "sport",
    "street",
    "sunset",
    "train",
    "travel",
    "video",
    "wedding",
    "work",
]
"""A thing or an occasion that the index of photos knows."""


class PhotoQuery(_Record, frozen=True):
    """A search that an index can answer."""

    who: tuple[str, ...]
    """People, as the device names them."""

    what: tuple[Thing, ...]
    """Things and occasions."""

    where: tuple[str, ...]
    """Places, as the device names them."""

    when: Dates | None
    """First and last day; None where no time was said."""

    text: str
    """What remains to be looked for in words; else empty."""


class Picture(_Record, frozen=True):
    """A picture, as it was sent."""

    media_type: Literal["image/png", "image/jpeg", "image/webp"]
    """What kind of file it is."""

    data: str
    """The file, base64."""


class ExtractEventInput(_Record, frozen=True):
    """A picture of which events are wanted."""

    today: str
    """The device's date, ISO 8601."""

    ocr_text: str = ""
    """What was read off the picture, line by line."""

    image: Picture | None = None
    """The picture itself; it is read before the rules see it."""


Category = Literal[
    "appointment",
    "class",
    "concert",
    "exhibition",
    "film",
    "market",
    "meeting",
    "none",
    "party",
    "sale",
    "sport",
    "talk",
    "theatre",
    "travel",
]
"""What an event is; `none` where there is none."""


class Event(_Record, frozen=True):
    """One event."""

    title: str
    """What it is called."""

    start: str | None
    """ISO 8601 date, or date and time; None where unknown."""

    end: str | None
    """As `start`."""

    place: str | None
    """As written; None where unknown."""

    notes: str | None
    """Price, address, how to come in; None where nothing was said."""


class Events(_Record, frozen=True):
    """The events in a picture."""

    category: Category
    """What they are about."""

    events: tuple[Event, ...]
    """The events, in the order of the picture."""
