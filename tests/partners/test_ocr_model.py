"""PP-OCR as a model: a picture in, events out, through the same road as every other answer."""

import asyncio
import base64
import json
from collections.abc import Mapping
from io import BytesIO

import msgspec
import pytest
from PIL import Image, ImageDraw

from pratique.assessment.candidates import market_label_policy, read_packs
from pratique.evals.pictures import Pictured, image_of, pictured
from pratique.evals.suites import packaged as packaged_suites
from pratique.partners.catalogue import find_candidate, read_partners
from pratique.partners.catalogue import packaged as packaged_partners
from pratique.partners.contract import Call, Delta, Model, Picture, Reply, Turn
from pratique.partners.ocr.model import OcrModel
from pratique.partners.pool import Pool
from pratique.partners.rules import FEATURES
from pratique.partners.rules import answer as by_rules
from pratique.privacy import Sensitive
from pratique.serving.answer import Answer, BadInput, answer, require_valid_input
from pratique.serving.guard import starter_guard
from pratique.serving.variant import Variant, variant_of
from pratique.workspace.opened import Opened
from tests.conftest import RoteModel

FOLDER = packaged_suites() / "pictures"
PICTURES: Mapping[str, Pictured] = {one.file: one for _, one in pictured(FOLDER)}
PARTNERS = read_partners([packaged_partners()])
CANDIDATE = find_candidate(PARTNERS, "embedded/ppocr")
TEXT = "LANTERN ROOM\nMoth & Marrow live\nSat 16 May 2026, 8 pm"


@pytest.fixture(scope="module")
def model() -> Model:
    """The model, as a market connects it."""
    found = Pool(PARTNERS, "CN").model("embedded/ppocr", CANDIDATE.model.snapshot)
    assert isinstance(found, OcrModel)
    return found


def variant(opened: Opened, locale: str, feature: str = "extract_event") -> Variant:
    """Return what `embedded/ppocr` would serve."""
    (pack,) = read_packs(opened.workspace, [feature])
    market = opened.workspace.market("CN")
    policy = market_label_policy(opened.workspace, market)
    return variant_of(pack, CANDIDATE, market.id, locale, policy)


def answered(served: Variant, given: Mapping[str, object], model: Model) -> Answer:
    """Return the answer to *given*, which must be a valid input."""
    require_valid_input(served, given)
    return asyncio.run(
        answer(
            served,
            Sensitive(given),
            model,
            content_id="content-1",
            deadline=60.0,
            guard=starter_guard(),
        )
    )


def output(found: Answer) -> Mapping[str, object]:
    """Return the output of an answer that must be good, with a label."""
    assert found.status == "ok", (found.status, found.reply, found.checks)
    assert found.output is not None and found.label is not None
    assert all(check.passed for check in found.checks)
    assert found.asked == 1
    return found.output.reveal()


def events(found: Answer) -> list[dict[str, str | None]]:
    """Return the events of a good answer."""
    return msgspec.convert(output(found)["events"], list[dict[str, str | None]])


def on_day(event: Mapping[str, str | None], row: Pictured) -> bool:
    """Say whether *event* starts on the day on which the event of *row* does."""
    days = {start[:10] for start in row.events[0].start or ()}
    return (event["start"] or "")[:10] in days


def drawn(image: Image.Image, kind: str = "PNG") -> dict[str, str]:
    """Return *image* as a request holds it."""
    out = BytesIO()
    image.save(out, kind)
    data = base64.b64encode(out.getvalue()).decode()
    return {"media_type": Image.MIME[kind], "data": data}


def blank() -> Image.Image:
    """Return a picture with colours and shapes in it, and no letter."""
    image = Image.new("RGB", (480, 360), (70, 130, 180))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 260, 480, 360), fill=(60, 140, 70))
    pen.ellipse((330, 40, 410, 120), fill=(250, 220, 90))
    return image


@pytest.mark.parametrize(
    "file",
    ["zh-Hans-001.jpg", "zh-Hans-012.png", "zh-Hant-001.jpg", "zh-Hant-012.png", "en-001.jpg",
     "en-008.jpg"],
)  # fmt: skip
def test_an_easy_picture_gives_its_event(opened: Opened, model: Model, file: str) -> None:
    """The network reads, the rules answer, the checks hold, and the day is the one in the picture."""
    row = PICTURES[file]
    given = {"image": image_of(FOLDER / file), "today": row.today}
    found = answered(variant(opened, row.locale), given, model)
    (event,) = events(found)
    assert on_day(event, row)
    assert event["title"]
    assert output(found)["category"] != "none"
    assert 0 < found.seconds < 60


def test_a_picture_is_read_whichever_way_it_is_written(opened: Opened, model: Model) -> None:
    """The same pixels as PNG, and turned by their EXIF: what is sent on stands upright."""
    row = PICTURES["en-001.jpg"]
    served = variant(opened, row.locale)
    with Image.open(FOLDER / row.file) as image:
        plain = image.convert("RGB")
    exif = Image.Exif()
    exif[274] = 6
    turned = BytesIO()
    plain.transpose(Image.Transpose.ROTATE_90).save(turned, "JPEG", exif=exif, quality=95)
    data = base64.b64encode(turned.getvalue()).decode()
    for image_ in (drawn(plain), {"media_type": "image/jpeg", "data": data}):
        (event,) = events(answered(served, {"image": image_, "today": row.today}, model))
        assert on_day(event, row)


def test_without_a_picture_it_answers_as_the_rules_do(opened: Opened, model: Model) -> None:
    """What was read elsewhere needs no reading."""
    given = {"ocr_text": TEXT, "today": "2026-04-20"}
    found = output(answered(variant(opened, "en"), given, model))
    request = {"feature": "extract_event", "locale": "en", "input": given}
    assert found == json.loads(by_rules(json.dumps(request).encode()))
    assert msgspec.convert(found["events"], list[dict[str, str | None]])[0]["start"] == (
        "2026-05-16T20:00"
    )


@pytest.mark.parametrize("locale", ["en", "zh-Hans", "zh-Hant"])
def test_a_picture_without_text_gives_no_event(opened: Opened, model: Model, locale: str) -> None:
    """An empty list is an answer; an invented event would be none."""
    given = {"image": drawn(blank()), "today": "2026-04-20"}
    found = output(answered(variant(opened, locale), given, model))
    assert found == {"category": "none", "events": []}


@pytest.mark.parametrize("file", ["en-016.png", "zh-Hans-016.png", "zh-Hant-016.jpg"])
def test_a_picture_with_text_but_no_event_gives_none(
    opened: Opened, model: Model, file: str
) -> None:
    """A receipt has a date and is no event."""
    row = PICTURES[file]
    assert not row.events
    given = {"image": image_of(FOLDER / file), "today": row.today}
    assert events(answered(variant(opened, row.locale), given, model)) == []


def test_a_hostile_picture_is_refused_before_it_is_read(opened: Opened) -> None:
    """The model is not asked at all."""
    model = RoteModel("embedded/ppocr", lambda _: "{}")
    for data in (b"PK\x03\x04" + bytes(60), b"GIF89a" + bytes(60), b"\xff\xd8\xff"):
        image = {"media_type": "image/png", "data": base64.b64encode(data).decode()}
        with pytest.raises(BadInput, match="/image"):
            answered(variant(opened, "en"), {"image": image, "today": "2026-04-20"}, model)
    assert not model.calls


def call(content: str, *pictures: bytes) -> Call:
    """Return a call that says *content* about *pictures*."""
    beside = tuple(Picture(media_type="image/png", data=Sensitive(one)) for one in pictures)
    turn = Turn(role="user", content=Sensitive(content), pictures=beside)
    return Call(form="chat", turns=(turn,), max_tokens=100)


def asked(feature: str = "extract_event", locale: str = "en", **given: object) -> str:
    """Return a request as the prompt renders it."""
    return json.dumps({"feature": feature, "locale": locale, "input": given})


def bytes_of(image: Image.Image) -> bytes:
    """Return *image* as a PNG."""
    return base64.b64decode(drawn(image)["data"])


NOTHING = bytes_of(Image.new("RGB", (64, 64), "white"))


TRANSLATIONS = (
    asked("translate", text="The heron waits beside the weir.", target="zh-Hans"),
    asked("translate", text="Good morning!", target="zh-Hans"),
    asked("translate", text="Good morning!"),
)
"""One that the rules have no translation of, one that they have, and one that says no target."""


@pytest.mark.parametrize(
    ("content", "pictures"),
    [
        ("", ()),
        ("What does it show?", (NOTHING,)),
        ("{", (NOTHING,)),
        ("null", (NOTHING,)),
        ("[]", (NOTHING,)),
        ("{}", ()),
        ("{}", (NOTHING,)),
        ("[" * 50_000, (NOTHING,)),
        ('{"a": ' * 50_000, ()),
        ('{"input": 7}', (NOTHING,)),
        ('{"feature": "extract_event", "locale": "en", "input": []}', (NOTHING,)),
        (asked("no_such_feature", today="2026-04-20"), (NOTHING,)),
        (asked("no_such_feature", today="2026-04-20"), ()),
        (asked(locale="fr", today="2026-04-20"), (NOTHING,)),
        (asked(today=7), (NOTHING,)),
        (asked(), (NOTHING,)),
        (asked(today="2026-04-20"), ()),
        (asked("summarize", today="2026-04-20"), (NOTHING,)),
        (asked(today="2026-04-20"), (b"",)),
        (asked(today="2026-04-20"), (b"GIF89a" + bytes(60),)),
        (asked(today="2026-04-20"), (NOTHING[:-30],)),
    ],
)
def test_what_it_cannot_answer_is_a_bad_request(
    model: Model, content: str, pictures: tuple[bytes, ...]
) -> None:
    """A word for the caller, never an exception, and no content in it."""
    found = asyncio.run(model.complete(call(content, *pictures)))
    assert (found.status, found.text.reveal()) == ("bad_request", "")
    assert found.detail.isidentifier()


def test_a_text_that_cannot_be_translated_is_refused_as_the_rules_refuse_it(model: Model) -> None:
    """The same request comes to the same word, whichever of the two answers it."""
    rules = Pool(PARTNERS, "CN").connected(find_candidate(PARTNERS, "embedded/rules"))
    statuses = []
    for content in map(call, TRANSLATIONS):
        expected = asyncio.run(rules.complete(content))
        found = asyncio.run(model.complete(content))
        assert (found.status, found.detail) == (expected.status, expected.detail)
        assert found.text.reveal() == expected.text.reveal()
        statuses.append(found.status)
    assert statuses == ["refused", "ok", "bad_request"]


def test_a_bad_request_gives_the_user_nothing(opened: Opened, model: Model) -> None:
    """Through the whole road: a feature that the rules do not know fails and is not labelled."""
    served = msgspec.structs.replace(variant(opened, "en"), feature="unheard_of")
    assert served.feature not in FEATURES
    found = answered(served, {"ocr_text": TEXT, "today": "2026-04-20"}, model)
    assert (found.status, found.reply) == ("failed", "bad_request")
    assert found.output is None and found.label is None


def test_a_stream_has_the_same_answer_in_one_piece(model: Model) -> None:
    """Whoever streams gets no other words."""
    asked_ = call(asked(today="2026-04-20"), bytes_of(blank()))

    async def streamed() -> list[object]:
        return [event async for event in model.stream(asked_)]

    piece, last = asyncio.run(streamed())
    whole = asyncio.run(model.complete(asked_))
    assert isinstance(piece, Delta) and isinstance(last, Reply)
    assert piece.text.reveal() == last.text.reveal() == whole.text.reveal()
    refused = call("{}", NOTHING)
    assert asyncio.run(model.complete(refused)).status == "bad_request"


def test_the_last_turn_alone_is_answered(model: Model) -> None:
    """A picture of an earlier turn is not this one's."""
    later = call(asked(ocr_text=TEXT, today="2026-04-20")).turns
    earlier = call(asked(today="2026-04-20"), NOTHING).turns
    both = msgspec.structs.replace(call(""), turns=(*earlier, *later))
    found = asyncio.run(model.complete(both))
    assert json.loads(found.text.reveal())["events"][0]["start"] == "2026-05-16T20:00"


def test_what_was_read_stands_in_the_place_of_a_given_text(model: Model) -> None:
    """The picture is what the user sees: a text beside it does not speak for it."""
    found = asyncio.run(model.complete(call(asked(ocr_text=TEXT, today="2026-04-20"), NOTHING)))
    assert json.loads(found.text.reveal()) == {"category": "none", "events": []}


def test_requests_at_once_do_not_mix(opened: Opened, model: Model) -> None:
    """One engine serves them in turn, and each gets its own picture's event."""
    files = ("en-001.jpg", "en-008.jpg", "en-012.png")
    served = variant(opened, "en")

    async def together() -> list[Answer]:
        return await asyncio.gather(
            *(
                answer(
                    served,
                    Sensitive({"image": image_of(FOLDER / one), "today": PICTURES[one].today}),
                    model,
                    content_id=one,
                    deadline=60.0,
                    guard=starter_guard(),
                )
                for one in files
            )
        )

    for file, found in zip(files, asyncio.run(together()), strict=True):
        (event,) = events(found)
        assert on_day(event, PICTURES[file])
