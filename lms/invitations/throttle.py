"""How many wrong links an address may try.

They are counted in this process: a guess must not cost the database a write, and reading a page never writes.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime

from lms.accounts.queries import WINDOW, hashed

MOST_ADDRESSES = 10_000
"""So many addresses are remembered; of more, those that tried longest ago are forgotten."""


class Throttle:
    """The wrong links of late, by address; `most` in the window is too many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._tries: OrderedDict[bytes, deque[datetime]] = OrderedDict()

    def note(self, address: str, *, at: datetime) -> None:
        """Remember a wrong link from that address."""
        key = hashed(address)
        self._tries.setdefault(key, deque(maxlen=self._most)).append(at)
        self._tries.move_to_end(key)
        if len(self._tries) > MOST_ADDRESSES:
            self._tries.popitem(last=False)

    def is_over(self, address: str, *, at: datetime) -> bool:
        """Return whether that address tried too many wrong links lately."""
        tries = self._tries.get(hashed(address), ())
        return sum(one > at - WINDOW for one in tries) >= self._most
