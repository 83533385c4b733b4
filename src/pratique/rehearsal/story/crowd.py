"""The crowd: simulated devices that ask the service by HTTP, some at once, and what each was told."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import msgspec

from pratique.rehearsal.caller import Caller, Heard
from pratique.rehearsal.story.desk import MARKET
from pratique.rehearsal.story.samples import Feature, Locale, samples

AT_ONCE = 4
"""Devices that ask at the same time."""

LOST = "lost"
"""What became of a request that got no answer of ours: no connection, or an error of the server."""


class Crowd:
    """Devices that ask one feature in one locale; each request is another one."""

    def __init__(self, feature: Feature, locale: Locale, seed: int) -> None:
        self.feature, self.locale = feature, locale
        every = list(samples(feature, locale, seed + 1))
        self._inputs = [one.input for one in every]
        self._asked, self._lock = 0, threading.Lock()
        self.told: Counter[str] = Counter()
        """What all requests so far were told: the envelope's status, or the problem's code."""
        self.answered: Counter[str] = Counter()
        """Requests that a release answered, whatever the answer was, by release."""
        self.models: set[str] = set()
        """Models that answered, by the envelopes, since somebody emptied it."""

    def ask(self, caller: Caller, devices: Sequence[str]) -> Counter[str]:
        """Have each of *devices* ask once; return what they were told."""
        bodies = [self._body(device) for device in devices]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = Counter(pool.map(lambda body: self._told(caller, body), bodies))
        self.told += found
        return found

    @contextmanager
    def asking(self, caller: Caller, devices: Sequence[str]) -> Iterator[Counter[str]]:
        """Have *devices* ask one after the other, some at once, until the block ends."""
        ends, lock, found = threading.Event(), threading.Lock(), Counter[str]()

        def go_on(share: Sequence[str]) -> None:
            while not ends.is_set():
                for device in share:
                    with lock:
                        body = self._body(device)
                    word = self._told(caller, body)
                    with lock:
                        found[word] += 1
                    if ends.is_set():
                        return

        threads = [
            threading.Thread(target=go_on, args=(devices[number::AT_ONCE],), daemon=True)
            for number in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        try:
            yield found
        finally:
            ends.set()
            for thread in threads:
                thread.join()
            self.told += found

    @property
    def lost(self) -> int:
        """Requests that got no answer of ours."""
        return self.told[LOST]

    def _body(self, device: str) -> Mapping[str, object]:
        asked = self._inputs[self._asked % len(self._inputs)]
        self._asked += 1
        context = {
            "device_region": MARKET,
            "account_region": MARKET,
            "targeting_key": device,
        }
        return {"locale": self.locale, "input": asked, "context": context}

    def one(self, caller: Caller, device: str) -> Mapping[str, object]:
        """Have one more *device* ask; return its answer as it came."""
        heard = caller.ask(self.feature, self._body(device))
        self._note(heard)
        self.told[heard.word] += 1
        return heard.body

    def _told(self, caller: Caller, body: Mapping[str, object]) -> str:
        try:
            heard = caller.ask(self.feature, body)
        except (OSError, http.client.HTTPException, msgspec.DecodeError):
            return LOST
        with self._lock:
            self._note(heard)
        return LOST if heard.status >= 500 else heard.word

    def _note(self, heard: Heard) -> None:
        if "release" in heard.body:
            self.answered[str(heard.body["release"])] += 1
        if "model" in heard.body:
            self.models.add(f"{heard.body['partner']}/{heard.body['model']}")
