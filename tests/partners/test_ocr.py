"""Reading pictures inside the process: what is read, in which order, without a network."""

import asyncio
import io
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rapidfuzz.distance import Levenshtein

from pratique.errors import Malformed, Tampered, Unavailable
from pratique.evals.suites import packaged
from pratique.partners.ocr import Line, read, read_lines, reader, recognised
from pratique.partners.ocr.engine import NETWORKS, Engine, network
from pratique.partners.ocr.order import in_rows
from pratique.partners.ocr.page import MARGIN, Pixels, Quad, on_picture, once, whole, windows
from pratique.privacy import Sensitive

FOLDER = packaged() / "pictures"
ROWS = [json.loads(line) for line in (FOLDER / "pictures.jsonl").read_bytes().splitlines()]
SCREENSHOTS = [("zh-Hans-010.jpg", 2)]
"""Pictures, and how often each stands below itself in a long screenshot."""
if "PRATIQUE_ALL_TOOLS" in os.environ:  # many lines, which take their time
    SCREENSHOTS.append(("zh-Hans-001.jpg", 5))
CATEGORIES = {
    "appointment", "class", "concert", "exhibition", "film", "market", "meeting", "none", "party",
    "sale", "sport", "talk", "theatre", "travel",
}  # fmt: skip


def plain(text: str) -> str:
    """Return *text* without spaces and line breaks."""
    return "".join(text.split())


def wrong(name: str) -> float:
    """Return the share of characters of a picture that are read wrongly."""
    row = next(row for row in ROWS if row["file"] == name)
    said = plain("".join(row["lines"]))
    found = plain(recognised(read_lines((FOLDER / name).read_bytes())))
    return Levenshtein.distance(said, found) / len(said)


@pytest.mark.parametrize(
    "name",
    ["zh-Hans-001.jpg", "zh-Hans-005.jpg", "zh-Hans-010.jpg", "zh-Hans-012.png", "zh-Hans-016.png",
     "zh-Hans-020.png", "zh-Hant-005.jpg", "zh-Hant-011.jpg", "en-002.jpg", "en-003.jpg",
     "en-010.jpg"],
)  # fmt: skip
def test_pictures_are_read_in_order(name: str) -> None:
    """Posters, columns, conversations, receipts; turned, upside down and down the page."""
    assert wrong(name) < 0.06


def test_nothing_is_read_off_an_empty_picture() -> None:
    """No text is no error, and no invention."""
    for image in (
        Image.new("RGB", (300, 200), "white"),
        Image.new("L", (1, 1)),
        Image.new("1", (900, 3)),
    ):
        out = io.BytesIO()
        image.save(out, "PNG")
        assert read_lines(out.getvalue()) == ()
    assert recognised(()) == ""


def test_what_is_no_picture_is_refused() -> None:
    """The reader stands at the door, too: it decodes nothing that `sound_picture` would not."""
    with pytest.raises(Malformed):
        read_lines(b"%PDF-1.7")


def test_boxes_lie_on_the_picture_where_the_text_is() -> None:
    """Whichever way it was turned: the first letter of an upside-down headline is at the lower right."""
    data = (FOLDER / "zh-Hans-020.png").read_bytes()
    with Image.open(io.BytesIO(data)) as image:
        width, height = image.size
    first = read_lines(data)[0]
    (x, y), *_ = first.box
    assert x > width * 0.8 and y > height * 0.8
    assert all(0 <= a <= width and 0 <= b <= height for a, b in first.box)


@pytest.mark.parametrize("quarters", range(4))
def test_corners_find_back_through_every_turn(quarters: int) -> None:
    """A point of the turned page is the point of the picture that it shows."""
    page = np.zeros((50 + 2 * MARGIN, 80 + 2 * MARGIN), np.uint8)
    page[MARGIN + 10, MARGIN + 20] = 1
    y, x = (float(place[0]) for place in np.nonzero(np.rot90(page, quarters)))
    back = on_picture(np.array([[x, y]] * 4, np.float32), quarters, (80, 50))
    assert abs(back[0][0] - 20) <= 1 and abs(back[0][1] - 10) <= 1


def test_the_content_has_no_repr() -> None:
    """A line can be logged by mistake without being shown."""
    line = Line(text=Sensitive("kept"), confidence=1.0, box=(), row=0)
    assert "kept" not in repr(line)
    with pytest.raises(TypeError):
        msgspec.json.encode(line)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """Note every address that is asked for, and answer none."""
    asked: list[object] = []

    def refuse(*args: object, **_: object) -> None:
        asked.append(args)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    yield asked


def test_no_address_is_ever_asked_for(no_network: list[object]) -> None:
    """The networks come with the package."""
    assert wrong("en-001.jpg") < 0.06
    assert no_network == []


FRESH = """
import socket, sys
from pathlib import Path
def refuse(*args, **words):
    raise SystemExit("asked for the network")
socket.socket.connect = socket.getaddrinfo = refuse
from pratique.partners.ocr import read_lines, recognised
heavy = {"rapidocr", "onnxruntime", "cv2"} & set(sys.modules)
assert not heavy, heavy
print(recognised(read_lines(Path(sys.argv[1]).read_bytes())).split()[0])
"""


def test_a_fresh_process_loads_nothing_before_the_first_picture_and_nothing_from_outside() -> None:
    """Importing does no work; where the kernel lets us, the process has no network at all."""
    command = [sys.executable, "-c", FRESH, str(FOLDER / "zh-Hans-001.jpg")]
    unshare = shutil.which("unshare")
    if (
        unshare
        and subprocess.run([unshare, "-n", "true"], capture_output=True, check=False).returncode
        == 0
    ):
        command = [unshare, "-n", *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("青屏书院")
    assert done.stderr == ""


def test_callers_in_several_threads_get_their_own_lines() -> None:
    """The engine is one; calls queue and do not mix."""
    names = ["en-001.jpg", "zh-Hans-001.jpg", "en-001.jpg", "zh-Hans-001.jpg"]
    alone = {name: recognised(read_lines((FOLDER / name).read_bytes())) for name in set(names)}
    found: dict[int, str] = {}

    def one(index: int) -> None:
        found[index] = recognised(read_lines((FOLDER / names[index]).read_bytes()))

    threads = [threading.Thread(target=one, args=(index,)) for index in range(len(names))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[index] for index in range(len(names))] == [alone[name] for name in names]


def test_the_engine_never_reads_two_pictures_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps settings of a call in itself."""
    inside, most = 0, 0

    class Slow(Engine):
        def __init__(self) -> None:
            pass

        def find(self, page: Pixels) -> list[Quad]:
            nonlocal inside, most
            assert page.ndim == 3
            inside += 1
            most = max(most, inside)
            time.sleep(0.02)
            inside -= 1
            return []

    monkeypatch.setattr(reader, "engine", Slow)
    data = (FOLDER / "zh-Hans-020.png").read_bytes()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read_lines, [data] * 16)) == [()] * 16
    assert most == 1


def test_the_event_loop_goes_on_while_a_picture_is_read() -> None:
    """The work is done in a thread."""

    async def beside() -> int:
        task = asyncio.create_task(read((FOLDER / "en-001.jpg").read_bytes()))
        beats = 0
        while not task.done():
            await asyncio.sleep(0.01)
            beats += 1
        assert (await task)[0].text.reveal()
        return beats

    assert asyncio.run(beside()) > 3


def test_another_network_is_not_used(tmp_path: Path) -> None:
    """What reads is what was chosen, to the byte."""
    name = next(iter(NETWORKS))
    with pytest.raises(Unavailable):
        network(tmp_path / name)
    (tmp_path / name).write_bytes(b"another")
    with pytest.raises(Tampered, match=name):
        network(tmp_path / name)


@pytest.mark.parametrize(("name", "parts"), SCREENSHOTS)
def test_a_long_screenshot_is_read_to_its_end(name: str, parts: int) -> None:
    """Window by window, no line lost or read twice where two meet; on its side, too."""
    with Image.open(FOLDER / name) as one:
        tall = Image.new("RGB", (one.width, one.height * parts), "white")
        for place in range(parts):
            tall.paste(one, (0, place * one.height))
    assert len(list(windows(np.asarray(tall)))) == 3
    expected = plain("".join(next(row for row in ROWS if row["file"] == name)["lines"])) * parts
    for image in (tall, tall.transpose(Image.Transpose.ROTATE_90)):
        out = io.BytesIO()
        image.save(out, "PNG")
        found = plain(recognised(read_lines(out.getvalue())))
        assert Levenshtein.distance(expected, found) <= 0.02 * len(expected)


def test_windows_cover_a_long_page_and_overlap() -> None:
    """Every row is in one, and a line on an edge is whole in the next."""
    page = np.zeros((1000, 100, 3), np.uint8)
    places = [place for place, _ in windows(page)]
    assert places[0].start == 0 and places[-1].stop == 1000
    assert all(later.start < earlier.stop - 20 for earlier, later in pairwise(places))
    edge = quad(0, places[0].stop - 10, 90)
    assert not whole(edge, places[0], 1000)
    assert whole(quad(0, 970, 90), range(1000), 1000)


def test_a_line_found_twice_is_kept_once() -> None:
    """Its neighbours are kept, too."""
    quads = [quad(0, 0, 90), quad(1, 2, 90), quad(0, 25, 90), quad(100, 0, 90)]
    assert [one[0].tolist() for one in once(quads)] == [[0, 0], [0, 25], [100, 0]]


def test_a_page_of_very_many_lines_has_an_order() -> None:
    """Even or not, it is not as many steps deep as it has lines."""
    even = [quad(0, 30 * n, 200) for n in range(3000)]
    assert in_rows(even) == [[n] for n in range(3000)]


def quad(left: float, top: float, width: float, height: float = 20) -> np.ndarray:
    """Return the corners of an upright line."""
    right, bottom = left + width, top + height
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def test_columns_are_read_one_after_the_other() -> None:
    """Below a headline that spans both."""
    head = [quad(0, 0, 400, 40)]
    left = [quad(0, 80 + 35 * n, 150) for n in range(4)]
    right = [quad(220, 90 + 35 * n, 150) for n in range(4)]
    assert in_rows(head + right + left) == [[0], [5], [6], [7], [8], [1], [2], [3], [4]]


def test_goods_and_prices_share_a_row() -> None:
    """A receipt's figures belong to what stands on their left."""
    goods = [quad(0, 40 * n, 120) for n in range(5)]
    prices = [quad(300 - 10 * (n % 3), 40 * n, 40 + 10 * (n % 3)) for n in range(5)]
    assert in_rows(goods + prices) == [[n, n + 5] for n in range(5)]


def test_a_conversation_is_read_as_it_went() -> None:
    """Left and right take turns, and never are columns."""
    assert in_rows([quad(0 if n % 2 == 0 else 300, 60 * n, 150) for n in range(6)]) == [
        [n] for n in range(6)
    ]


def test_text_down_the_page_is_read_from_the_right() -> None:
    """As Chinese is."""
    assert in_rows([quad(60 * n, 10, 20, 200) for n in range(3)]) == [[2, 1, 0]]


@pytest.mark.parametrize("degrees", [-14, -5, 5, 14])
def test_rows_survive_a_slope(degrees: float) -> None:
    """A page photographed askew has the same rows."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    quads = [quad(left, 40 * n, width) for n in range(5) for left, width in ((0, 150), (350, 45))]
    slanted = [(one @ turn).astype(np.float32) for one in quads]
    assert in_rows(slanted) == [[2 * n, 2 * n + 1] for n in range(5)]


sides = st.tuples(*[st.floats(0, 2000, width=32)] * 2, *[st.floats(1, 600, width=32)] * 2)


@given(st.lists(sides, max_size=25))
@settings(max_examples=200, deadline=None)
def test_every_line_is_read_once(boxes: list[tuple[float, float, float, float]]) -> None:
    """However they lie."""
    order = [index for row in in_rows([quad(*box) for box in boxes]) for index in row]
    assert sorted(order) == list(range(len(boxes)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_every_picture_is_whole(row: dict[str, object]) -> None:
    """It is there, small, and its row says what those who measure need."""
    assert list(row) == [
        "id", "file", "kind", "locale", "lines", "events", "category", "today", "conditions",
    ]  # fmt: skip
    data = (FOLDER / str(row["file"])).read_bytes()
    assert len(data) <= 60_000
    with Image.open(io.BytesIO(data)) as image:
        assert {"PNG": ".png", "JPEG": ".jpg"}[str(image.format)] == Path(str(row["file"])).suffix
    assert isinstance(row["category"], list) and set(row["category"]) <= CATEGORIES
    assert bool(row["events"]) == (row["category"] != ["none"])


def test_there_are_enough_pictures() -> None:
    """At least 64, under 3 MB, none without a row and no row twice."""
    files = {path.name for path in FOLDER.iterdir() if path.suffix in (".png", ".jpg")}
    assert files == {row["file"] for row in ROWS} and len({row["id"] for row in ROWS}) == len(ROWS)
    assert len(ROWS) >= 64
    assert sum((FOLDER / name).stat().st_size for name in files) < 3_000_000


def test_rendering_is_reproducible() -> None:
    """The same row gives the same picture, within what versions of the libraries change."""
    from tools import render_pictures

    if not render_pictures.FONTS.is_dir() and "PRATIQUE_ALL_TOOLS" not in os.environ:
        pytest.skip("the fonts of tools/install.sh are not on this machine")
    rows = random.Random(4).sample(list(render_pictures.rows(FOLDER)), 6)
    for row in rows:
        again = render_pictures.rendered(row)
        assert again == render_pictures.rendered(row)
        kept = Image.open(FOLDER / row.file).convert("L")
        other = Image.open(io.BytesIO(again)).convert("L")
        assert kept.size == other.size
        apart = np.abs(np.asarray(kept, np.int16) - np.asarray(other, np.int16)).mean()
        assert apart < 3
