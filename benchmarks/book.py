"""The addresses of pages, with the people who ask for them signed in."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Flask, url_for

from benchmarks.client import Request, WrongAnswer
from benchmarks.forms import Field, form_on
from benchmarks.readers import Reader, sign_in
from benchmarks.subjects import Dossier, Group

PATIENCE = 180.0
"""Seconds within which what jobs make has to be there."""


class Book:
    """Makes requests, and asks the application inside this process for what a form needs to know."""

    def __init__(self, app: Flask, people: Collection[UUID]) -> None:
        self.app = app
        self.readers: Mapping[UUID, Reader] = sign_in(app, people)

    def path(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page."""
        with self.app.test_request_context("/"):
            return url_for(endpoint, **values)

    def of_trainees(self, people: Sequence[Dossier], endpoint: str, *named: str) -> list[Request]:
        """Return the requests of trainees for a page of their own."""
        return [self.readers[one.trainee_id].get(self._about(one, endpoint, named)) for one in people]

    def of_trainers(self, people: Sequence[Dossier], endpoint: str, *named: str) -> list[Request]:
        """Return the requests of those who guide the trainees."""
        return [self.readers[one.trainer_id].get(self._about(one, endpoint, named)) for one in people]

    def of_leads(self, groups: Sequence[Group], endpoint: str, *named: str) -> list[Request]:
        """Return the requests of those who lead the cohorts."""
        return [self.readers[one.lead_id].get(self._about(one, endpoint, named)) for one in groups]

    def _about(self, one: Dossier | Group, endpoint: str, named: Sequence[str]) -> str:
        return self.path(endpoint, **{name: getattr(one, name) for name in named})

    def form(self, request: Request, *, holding: str) -> dict[str, Field]:
        """Return the form of a page that holds a field of that name."""
        answer = self.app.test_client(use_cookies=False).get(request.path, headers=dict(request.headers))
        if answer.status_code != 200:
            raise WrongAnswer(f"{request.path} answered {answer.status_code} where a form was expected")
        return form_on(answer.get_data(as_text=True), holding=holding)

    def post(self, request: Request) -> str:
        """Send a form inside this process and return where it leads to."""
        answer = self.app.test_client(use_cookies=False).post(
            request.path, headers=dict(request.headers), data=request.values
        )
        if answer.status_code != 302:
            raise WrongAnswer(f"{request.path} answered {answer.status_code} where a form was accepted before")
        return answer.headers["Location"]

    def first_package(self) -> str:
        """Return the identifier of the first package that is public; a job makes them in the first minutes."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.app.test_client(use_cookies=False).get(self.path("exchange.case_documents"))
            listed: list[dict[str, str]] = answer.get_json()["CFDocuments"]
            if listed:
                return listed[0]["identifier"]
            time.sleep(1)
        raise WrongAnswer("No package became public: look at what the job worker said in its log")

    def mark(self, request: Request) -> str:
        """Return the ETag of an answer."""
        answer = self.app.test_client(use_cookies=False).get(request.path, headers=dict(request.headers))
        return answer.headers["ETag"]
