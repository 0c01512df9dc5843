"""Figures about the running server, for a monitoring system that carries the token."""

from __future__ import annotations

import time

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from lms.core.access import with_metrics_token
from lms.core.logs import route_template

bp = Blueprint("metrics", __name__)
registry = CollectorRegistry()
_took = Histogram("bekwaam_request_seconds", "Time a request took.", ["method", "route"], registry=registry)
_answered = Counter("bekwaam_requests_total", "Requests answered.", ["method", "route", "status"], registry=registry)


@bp.get("/metrics")
@with_metrics_token
def metrics() -> Response:
    """Return this worker's figures in the Prometheus text format."""
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def init_app(app: Flask) -> None:
    """Measure every request by its route template."""
    app.register_blueprint(bp)
    app.after_request(_measure)


def _measure(response: Response) -> Response:
    route = route_template()
    _took.labels(request.method, route).observe(time.perf_counter() - g.began_at)
    _answered.labels(request.method, route, response.status_code).inc()
    return response
