"""The crowd: simulated devices that ask the service by HTTP, some at once, and what each was told."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import msgspec

from pratique.rehearsal.caller import Caller
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
        self._asked = 0
        self.told: Counter[str] = Counter()
        """What all requests so far were told: the envelope's status, or the problem's code."""
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

    def _told(self, caller: Caller, body: Mapping[str, object]) -> str:
        try:
            heard = caller.ask(self.feature, body)
        except (OSError, http.client.HTTPException, msgspec.DecodeError):
            return LOST
        if "model" in heard.body:
            self.models.add(f"{heard.body['partner']}/{heard.body['model']}")
        return LOST if heard.status >= 500 else heard.word
