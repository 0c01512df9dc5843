"""Structured logs: one JSON line an event with the id of its request, never a name, an address or a token."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request
from structlog.typing import Processor

from lms.core.keys import uuid7

REDACTED = frozenset(
    {"password", "token", "email", "name", "secret", "cookie", "authorization", "address", "comment", "note"}
)
_OF_A_ROW = re.compile(
    r"^(DETAIL|CONTEXT):.*?(?=^\[SQL: |^The above exception |^During handling |\Z)", re.DOTALL | re.MULTILINE
)
"""What the database adds to a refusal: the row that was refused, down to what Python says next."""
_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")

log = structlog.get_logger()


def set_up_logs() -> None:
    """Send every log of the process as JSON lines to the error stream."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.format_exc_info,
            without_rows,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # A line and its end in one write: processes that share the stream would otherwise write between them.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_rows,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank out every value that may name a person or open a door."""
    for key in event.keys() & REDACTED:
        event[key] = "[redacted]"
    return event


def without_rows(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out of a failure what the database says of the row that it refused."""
    if "exception" in event:
        event["exception"] = _OF_A_ROW.sub("[the row is left out]\n", event["exception"])
    return event


def init_app(app: Flask) -> None:
    """Give every request an id, answer with it, and log the request when it is done."""
    app.before_request(_begin)
    app.after_request(_finish)


def request_id() -> str:
    """Return the id of this request, as in the log and on the error page."""
    return str(g.get("request_id", ""))


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else str(uuid7())
    g.began_at = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if request.endpoint not in {"static", "health.live", "health.ready"}:
        took = round((time.perf_counter() - g.began_at) * 1000, 2)
        log.info("request", method=request.method, route=route_template(), status=response.status_code, took_ms=took)
    return response


def route_template() -> str:
    """Return the route as it is written in the code: an address with a person's key in it is never logged."""
    return request.url_rule.rule if request.url_rule else "unmatched"
