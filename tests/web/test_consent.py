"""Consent: a picture leaves for a partner when its user agreed to that, and as pixels alone."""

import struct
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import ClassVar
from zipfile import ZipFile

import msgspec
import pytest
from httpx import Response
from litestar.testing import TestClient
from PIL import ExifTags, Image, ImageDraw

from pratique.partners.contract import Call, Reply
from pratique.people.consents import FIELD, Consent, content_of, issue_consent
from pratique.people.device_tokens import Claims, issue_token
from pratique.people.keys import SigningKey
from pratique.settings.workspace import open_workspace
from pratique.web.app import app_of
from pratique.web.front import Front
from pratique.web.service import Service
from pratique.workspace.opened import Opened
from tests.conftest import Clock, RoteModel, grown
from tests.web.test_api import problem, unlimited
from tests.web.test_every_feature import CANDIDATE, turn_on, whole_market

FEATURE, LOCALE, DEVICE = "vision_ask", "en", "d1"
PATH = f"/v1/features/{FEATURE}"
CONTEXT = {"device_region": "CN", "account_region": "CN", "targeting_key": DEVICE}
QUESTION = "Which pier is it?"
ANSWER = '{"answer": "It is pier 9.", "cites": ["Pier 9"], "actions": []}'
SECRET = "canary-comment-5e1"
MAKER = "Canary Camera 7"


class Answering:
    """What the model answers; a test sets it."""

    answer: ClassVar[Callable[[str], str | Reply]]


class Desk:
    """The application, its model, and the maker's back end that issues consents."""

    def __init__(
        self, client: TestClient[Front], model: RoteModel, opened: Opened, clock: Clock
    ) -> None:
        self.client = client
        self.model = model
        self.opened = opened
        self.clock = clock

    def consent(self, given: Mapping[str, object], **fields: object) -> Consent:
        """Return the consent to send *given*; fields may be overridden."""
        values: dict[str, object] = {
            "feature": FEATURE,
            "targeting_key": DEVICE,
            "content": content_of(given),
            "expires": self.clock.time + timedelta(minutes=5),
        }
        return msgspec.convert(values | fields, Consent)

    def token(self, given: Mapping[str, object], **fields: object) -> str:
        """Return the token of that consent."""
        return issue_consent(self.opened.key, self.consent(given, **fields))

    def ask(
        self,
        given: Mapping[str, object],
        token: object = None,
        path: str = PATH,
        headers: Mapping[str, str] | None = None,
        context: Mapping[str, str] | None = CONTEXT,
    ) -> Response:
        """Ask with *given*, and with *token* if there is one."""
        sent = given if token is None else {**given, FIELD: token}
        body = {"locale": LOCALE, "input": sent} | ({"context": context} if context else {})
        return self.client.post(path, json=body, headers=headers)

    def agreed(self, given: Mapping[str, object]) -> Response:
        """Ask with *given* and with the consent to it."""
        return self.ask(given, self.token(given))

    @property
    def call(self) -> Call:
        """The one call that the model got."""
        (found,) = self.model.calls
        return found


@pytest.fixture(scope="module")
def service(
    new_shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Service, Clock]]:
    """A service on a workspace in which a feature that extends and one that serves are on."""
    clock = Clock()
    folder = grown(new_shop, tmp_path_factory.mktemp("consent"), lambda _: None)
    opened = Opened(open_workspace(folder), who="ada", clock=clock)
    on = [
        one
        for one in whole_market(opened)
        if one.feature in (FEATURE, "summarize") and one.locale == LOCALE
    ]
    assert len(on) == 2
    turn_on(opened, on)
    yield unlimited(Service(opened, "CN")), clock
    opened.close()


@pytest.fixture(scope="module")
def client(service: tuple[Service, Clock]) -> Iterator[TestClient[Front]]:
    """The application."""
    with TestClient(app_of(service[0])) as found:
        yield found


@pytest.fixture
def desk(
    service: tuple[Service, Clock],
    client: TestClient[Front],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    """The application with a model that answers by rote and remembers what it got."""
    found, clock = service
    clock.time = Clock().time
    Answering.answer = staticmethod(lambda _: ANSWER)
    model = RoteModel(CANDIDATE, lambda text: Answering.answer(text))
    monkeypatch.setattr(found.pool, "model", lambda *_: model)
    return Desk(client, model, found.opened, clock)


def drawn(size: tuple[int, int] = (320, 160), text: str = "Pier 9") -> Image.Image:
    """Return a picture with writing in it."""
    image = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(image)
    pen.text((20, 20), text, fill="black")
    for x in range(0, size[0], 7):
        pen.line((x, 60, size[0] - x, size[1]), fill=(x % 256, 90, 200))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return *image* as a file."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def asked(
    data: bytes, media_type: str = "image/png", question: str = QUESTION
) -> dict[str, object]:
    """Return the input that asks about a picture."""
    return {
        "image": {"media_type": media_type, "data": b64encode(data).decode()},
        "question": question,
    }


PIER = asked(saved(drawn(), "PNG"))


def heard(call: Call) -> bytes:
    """Return everything that a call holds: its words and its pictures."""
    parts = [msgspec.json.encode({"schema": call.schema, "user": call.end_user})]
    for turn in call.turns:
        parts.append(turn.content.reveal().encode())
        parts += [picture.data.reveal() for picture in turn.pictures]
    return b"\n".join(parts)


def test_without_a_consent_nothing_is_sent(desk: Desk) -> None:
    """A feature that extends asks its user first."""
    answer = desk.ask(PIER)
    assert problem(answer) == (403, "consent_required")
    assert answer.json()["detail"] and answer.json()["hint"]
    assert not desk.model.calls


def test_with_the_consent_to_it_a_picture_is_answered(desk: Desk) -> None:
    """Once asked, once answered, in the envelope."""
    answer = desk.agreed(PIER)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["status"], found["output"]["answer"]) == ("ok", "It is pier 9.")
    assert found["label"]["visible"] and found["filing_no"] == "REHEARSAL-1"
    assert len(desk.model.calls) == 1


OTHER: Mapping[str, dict[str, object]] = {
    "picture": asked(saved(drawn(text="Pier 8"), "PNG")),
    "file of the same picture": asked(saved(drawn(), "PNG", optimize=True) + b"\0"),
    "media type": asked(saved(drawn(), "PNG"), "image/webp"),
    "question": asked(saved(drawn(), "PNG"), question="Who is that?"),
    "absence of a question": {"image": PIER["image"]},
}


@pytest.mark.parametrize("what", OTHER)
def test_a_consent_is_for_the_very_input(desk: Desk, what: str) -> None:
    """Yes to one picture and question is no yes to another."""
    answer = desk.ask(PIER, desk.token(OTHER[what]))
    assert problem(answer) == (403, "consent_required")
    assert problem(desk.ask(OTHER[what], desk.token(PIER))) == (403, "consent_required")
    assert not desk.model.calls


@pytest.mark.parametrize(
    "fields",
    [
        {"targeting_key": "d2"},
        {"targeting_key": "D1"},
        {"targeting_key": ""},
        {"feature": "summarize"},
        {"feature": "extract_event"},
        {"feature": ""},
        {"content": "0" * 64},
        {"content": ""},
    ],
)
def test_a_consent_is_for_this_device_and_feature(desk: Desk, fields: dict[str, object]) -> None:
    """What another user, or the same one elsewhere, agreed to does not count."""
    assert problem(desk.ask(PIER, desk.token(PIER, **fields))) == (403, "consent_required")
    assert not desk.model.calls


def test_a_consent_of_another_device_is_refused_by_its_signed_token(desk: Desk) -> None:
    """The device is the one that the maker vouches for, whatever the body says."""

    def from_device(name: str) -> Response:
        claims = Claims(
            device_region="CN",
            account_region="CN",
            targeting_key=name,
            expires=desk.clock.time + timedelta(hours=1),
        )
        headers = {"Pratique-Device-Token": issue_token(desk.opened.key, claims)}
        return desk.ask(PIER, desk.token(PIER), headers=headers)

    assert problem(from_device("d2")) == (403, "consent_required")
    assert from_device(DEVICE).status_code == 200


def test_a_consent_that_has_ended_is_refused(desk: Desk) -> None:
    """The user is asked anew; the same token was good a moment before."""
    token = desk.token(PIER)
    desk.clock.go_on(minutes=4, seconds=59)
    assert desk.ask(PIER, token).status_code == 200
    desk.clock.go_on(seconds=1)
    answer = desk.ask(PIER, token)
    assert problem(answer) == (403, "consent_required")
    assert answer.json()["detail"] == "the consent has ended"
    assert len(desk.model.calls) == 1


def test_a_consent_that_this_maker_did_not_sign_is_refused(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Changed, invented, of another kind or by another key."""
    token = desk.token(PIER)
    middle = len(token) // 2
    other = SigningKey.create(tmp_path_factory.mktemp("other") / "signing.pem")
    claims = Claims(
        device_region="CN",
        account_region="CN",
        targeting_key=DEVICE,
        expires=desk.clock.time + timedelta(hours=1),
    )
    for bad in (
        token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1 :],
        token[:-1] + chr(ord(token[-1]) + 1),
        token + "=",
        "consent-1",
        "a.b.c",
        "x" * 3_000,
        issue_consent(other, desk.consent(PIER)),
        issue_token(desk.opened.key, claims),
    ):
        assert problem(desk.ask(PIER, bad)) == (403, "consent_required")
    assert not desk.model.calls


@pytest.mark.parametrize("token", ["", 7, True, None, [], {}, ["consent-1"]])
def test_a_token_that_is_no_text_is_no_consent(desk: Desk, token: object) -> None:
    """Whatever is not understood is a no."""
    body = {"locale": LOCALE, "input": {**PIER, FIELD: token}, "context": CONTEXT}
    assert problem(desk.client.post(PATH, json=body)) == (403, "consent_required")
    assert not desk.model.calls


@pytest.mark.parametrize("depth", [1, 100, 900, 5_000])
def test_an_input_of_another_shape_with_a_good_token_is_the_callers_mistake(
    desk: Desk, depth: int
) -> None:
    """However it is nested: below 500, and nothing is sent."""
    nested = "[" * depth + "]" * depth
    sent = f'{{"locale": "en", "input": {{"{FIELD}": "{desk.token(PIER)}", "image": {nested}}}'
    sent += f', "context": {msgspec.json.encode(CONTEXT).decode()}}}'
    answer = desk.client.post(PATH, content=sent, headers={"Content-Type": "application/json"})
    assert answer.status_code < 500, answer.text
    problem(answer)
    assert not desk.model.calls


def test_a_feature_that_serves_needs_no_consent(desk: Desk) -> None:
    """Only what goes to a partner that extends is asked about."""
    text = {"text": "The pool is closed on Friday.", "kind": "article", "length": "short"}
    Answering.answer = staticmethod(lambda _: '{"summary": "The pool is closed on Friday."}')
    assert desk.ask(text, path="/v1/features/summarize").status_code == 200


def test_the_token_never_reaches_the_model(desk: Desk) -> None:
    """No partner hears which device agreed, to what, or by which signature."""
    token = desk.token(PIER)
    assert desk.ask(PIER, token).status_code == 200
    found = heard(desk.call)
    for part in (token, *token.split("."), FIELD, content_of(PIER), DEVICE + '"'):
        assert part.encode() not in found


def test_the_token_is_not_sent_back_or_written_down(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither an answer, nor a problem, nor a log, nor a file of the workspace has it."""
    good, ended = desk.token(PIER), desk.token(PIER, expires=desk.clock.time)
    answers = [desk.ask(PIER, good), desk.ask(PIER, ended), desk.ask(OTHER["picture"], good)]
    kept = b"".join(
        path.read_bytes() for path in desk.opened.workspace.folder.rglob("*") if path.is_file()
    )
    written = "".join(answer.text for answer in answers) + "".join(capfd.readouterr())
    for token in (good, ended):
        for part in token.split(".")[1:]:
            assert part not in written and part.encode() not in kept
    assert content_of(PIER) not in written and content_of(PIER).encode() not in kept


def test_a_picture_reaches_the_model_beside_the_words(desk: Desk) -> None:
    """Its pixels are the picture's; no part of the file stands in the text."""
    assert desk.agreed(PIER).status_code == 200
    pictures = [picture for turn in desk.call.turns for picture in turn.pictures]
    assert len(pictures) == 1 and desk.call.turns[-1].pictures
    with Image.open(BytesIO(pictures[0].data.reveal())) as found:
        assert Image.MIME[str(found.format)] == pictures[0].media_type
        assert found.convert("RGB").tobytes() == drawn().tobytes()
    words = "".join(turn.content.reveal() for turn in desk.call.turns)
    image = PIER["image"]
    assert isinstance(image, dict)
    assert QUESTION in words
    for file in (b64decode(image["data"]), pictures[0].data.reveal()):
        assert b64encode(file).decode()[40:80] not in words
    assert "media_type" not in words


def located() -> bytes:
    """Return a JPEG that says where and with what it was taken, and what somebody said of it."""
    image = drawn((640, 320))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = MAKER
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {
            ExifTags.GPS.GPSLatitudeRef: "N",
            ExifTags.GPS.GPSLatitude: (31.0, 13.0, 47.25),
            ExifTags.GPS.GPSLongitudeRef: "E",
            ExifTags.GPS.GPSLongitude: (121.0, 28.0, 31.5),
        }
    )
    return saved(image, "JPEG", exif=exif, comment=SECRET.encode(), quality=92) + SECRET.encode()


def test_a_photograph_reaches_the_model_without_place_camera_and_comment(desk: Desk) -> None:
    """Only what the user saw and agreed to: written anew, and upright."""
    file = located()
    with Image.open(BytesIO(file)) as before:
        assert before.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert before.info["comment"] == SECRET.encode()
    assert file.count(SECRET.encode()) == 2 and MAKER.encode() in file
    assert desk.agreed(asked(file, "image/jpeg")).status_code == 200
    (picture,) = desk.call.turns[-1].pictures
    sent = picture.data.reveal()
    with Image.open(BytesIO(sent)) as after:
        after.load()
        assert after.size == (320, 640)
        assert not after.getexif()
        assert not after.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert not {"comment", "exif", "icc_profile", "xmp", "photoshop"} & set(after.info)
    assert sent != file
    for part in (SECRET.encode(), MAKER.encode(), b"Exif"):
        assert part not in heard(desk.call)


def test_what_a_png_says_beside_its_pixels_stays_here(desk: Desk) -> None:
    """Text chunks and EXIF are not only a matter of photographs."""
    from PIL.PngImagePlugin import PngInfo

    chunks = PngInfo()
    chunks.add_text("Comment", SECRET)
    chunks.add_itxt("Description", SECRET, zip=False)
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = MAKER
    file = saved(drawn(), "PNG", pnginfo=chunks, exif=exif)
    assert SECRET.encode() in file and MAKER.encode() in file
    assert desk.agreed(asked(file)).status_code == 200
    assert SECRET.encode() not in heard(desk.call) and MAKER.encode() not in heard(desk.call)


def test_a_repair_sends_the_picture_once_and_the_token_not_at_all(desk: Desk) -> None:
    """The second call is as bare as the first."""
    said = iter(["not json", ANSWER])
    Answering.answer = staticmethod(lambda _: next(said, ANSWER))
    token = desk.token(PIER)
    assert desk.ask(PIER, token).status_code == 200
    for call in desk.model.calls:
        assert sum(len(turn.pictures) for turn in call.turns) == 1
        assert all(part.encode() not in heard(call) for part in token.split("."))


def chunk(name: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb() -> bytes:
    """Return a small PNG of 20,000 × 20,000 pixels."""
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(20_000 * 2_501), 9)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def zipped() -> bytes:
    """Return a zip archive."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr(f"{SECRET}.txt", SECRET)
    return out.getvalue()


def moving(kind: str) -> bytes:
    """Return a picture of three frames."""
    frames = [drawn(text=f"Pier {number}") for number in range(3)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


HOSTILE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "truncated jpeg": (lambda: located()[:4_000], "broken or cut off"),
    "truncated png": (lambda: saved(drawn(), "PNG")[:-200], "broken or cut off"),
    "cut in its header": (lambda: located()[:30], "ends inside its header"),
    "bomb": (bomb, "20,000 × 20,000"),
    "zip": (zipped, "zip archive"),
    "gif": (lambda: saved(drawn(), "GIF"), "a GIF"),
    "moving gif": (lambda: moving("GIF"), "a GIF"),
    "moving png": (lambda: moving("PNG"), "moves"),
    "moving webp": (lambda: moving("WEBP"), "moves"),
    "svg": (lambda: f"<svg><!-- {SECRET} --></svg>".encode(), "markup"),
    "text": (lambda: SECRET.encode() * 40, "no picture that we know"),
    "noise after a signature": (lambda: b"\x89PNG\r\n\x1a\n" + SECRET.encode() * 9, "picture"),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("media_type", ["image/png", "image/jpeg", "image/webp"])
def test_a_hostile_picture_is_a_problem_in_words(desk: Desk, name: str, media_type: str) -> None:
    """With a hint and without content, whatever the caller calls it, and the model hears nothing."""
    make, words = HOSTILE[name]
    data = make()
    answer = desk.agreed(asked(data, media_type))
    assert problem(answer) == (400, "invalid_request")
    document = answer.json()
    assert words in document["detail"] and len(document["detail"].split()) > 4
    assert document["hint"].startswith(("send ", "save ", "convert "))
    assert "canary" not in answer.text.lower()
    assert b64encode(data).decode()[:24] not in answer.text
    assert not desk.model.calls


@pytest.mark.parametrize("data", ["no base64!", "AAA", "é" * 40, "=" * 8, "\n"])
def test_data_that_are_no_base64_are_a_problem_in_words(desk: Desk, data: str) -> None:
    """They are named by what they are not, never repeated."""
    given = {"image": {"media_type": "image/png", "data": data}}
    answer = desk.agreed(given)
    assert problem(answer) == (400, "invalid_request")
    assert "base64" in answer.json()["detail"] or "empty" in answer.json()["detail"]
    assert not desk.model.calls


def test_a_media_type_that_is_not_taken_does_not_fit_the_schema(desk: Desk) -> None:
    """Consent does not open what the schema shuts."""
    answer = desk.agreed(asked(saved(drawn(), "GIF"), "image/gif"))
    assert problem(answer) == (400, "invalid_request")
    assert "/image/media_type" in answer.json()["detail"]
    assert not desk.model.calls


def test_availability_says_that_a_consent_is_needed(desk: Desk) -> None:
    """The phone learns to ask its user before a picture is chosen."""
    params = {"locale": LOCALE, **CONTEXT}
    found = desk.client.get(f"{PATH}/availability", params=params).json()
    assert (found["available"], found["reason"]) == (False, "consent_required")
    assert found["detail"] and found["hint"]


def test_consent_is_asked_last(desk: Desk) -> None:
    """Nobody is asked to agree to what would be refused anyway."""
    params = {"locale": LOCALE, **CONTEXT, "device_region": "US"}
    found = desk.client.get(f"{PATH}/availability", params=params).json()
    assert found["reason"] == "region_not_eligible"
    abroad = CONTEXT | {"device_region": "US"}
    answer = desk.ask(PIER, desk.token(PIER), context=abroad)
    assert problem(answer) == (403, "region_not_eligible")
    assert not desk.model.calls
