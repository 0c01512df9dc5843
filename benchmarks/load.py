"""People who ask for pages one after the other, on connections that stay open, and how long each of them waited."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.client import Answer, Connection, Request, WrongAnswer
from benchmarks.figures import Timing


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of requests gave: the times, the last answer, and the share of one core that this client used."""

    timing: Timing
    last: Answer
    client_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How long to go on: at least so many requests, then until the seconds are over; never longer than `longest`."""

    requests: int = 50
    seconds: float = 1.5
    longest: float = 15.0
    most: int = 500


class Load:
    """People who ask for pages one after the other, `concurrency` of them at the same time."""

    def __init__(self, port: int, requests: Iterator[Request], *, expected: int, extent: Extent) -> None:
        self._port, self._requests, self._expected, self._extent = port, requests, expected, extent
        self._turn = threading.Lock()
        self._taken = 0
        self._times: list[float] = []
        self._last: Answer | None = None
        self._failure: BaseException | None = None

    def run(self, concurrency: int) -> Run:
        """Send the requests and return what that gave; raise the first failure."""
        self._begun, used = time.perf_counter(), time.process_time()
        people = [threading.Thread(target=self._ask, daemon=True) for _ in range(concurrency)]
        for person in people:
            person.start()
        for person in people:
            person.join()
        wall, used = time.perf_counter() - self._begun, time.process_time() - used
        if self._failure is not None:
            raise self._failure
        if self._last is None:
            raise WrongAnswer("Nothing was asked: there were no requests left")
        return Run(Timing.of(self._times, concurrency=concurrency, within=wall), self._last, used / wall)

    def _ask(self) -> None:
        try:
            with Connection(self._port) as connection:
                while (request := self._next()) is not None:
                    self._note(request, connection)
        except OSError as wrong:
            self._failure = self._failure or wrong

    def _next(self) -> Request | None:
        """Return the next request, or None when it is enough."""
        with self._turn:
            passed, extent = time.perf_counter() - self._begun, self._extent
            enough = self._taken >= extent.most or (self._taken >= extent.requests and passed > extent.seconds)
            if enough or passed > extent.longest or self._failure is not None:
                return None
            self._taken += 1
            return next(self._requests, None)

    def _note(self, request: Request, connection: Connection) -> None:
        wire = request.wire(self._port)
        begun = time.perf_counter()
        answer = connection.exchange(wire)
        self._times.append(time.perf_counter() - begun)
        self._last = answer
        if answer.status != self._expected:
            raise WrongAnswer(f"{request.method} {request.path} answered {answer.status}, not {self._expected}")
