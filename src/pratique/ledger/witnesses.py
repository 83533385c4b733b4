"""Witnesses: what the ledger had recorded at one moment, by hash.

Whoever signs something records the SHA-256 of what is signed in the same decision. So when its
key is retired, the ledger tells what it had signed by then.
"""

import re

from sqlalchemy import Connection

from pratique.ledger.chain import ORIGIN, entries

_SHA256 = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


def witnessed(connection: Connection, count: int, head: str) -> frozenset[bytes]:
    """Return the SHA-256 hashes in the first *count* entries, which must end at the hash *head*.

    Empty when they do not: a ledger that was written anew is no witness.
    """
    found: set[bytes] = set()
    previous, place = ORIGIN, 0
    for entry in entries(connection):
        if place == count:
            break
        place += 1
        if (entry.seq, entry.previous) != (place, previous) or entry.hash_at(place) != entry.hash:
            return frozenset()
        found.update(bytes.fromhex(one) for one in _SHA256.findall(entry.body))
        previous = entry.hash
    return frozenset(found) if (place, previous) == (count, head) else frozenset()
