"""The pages that are measured: what is asked for, by whom, and what counts as an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from benchmarks.book import Book
from benchmarks.client import Request
from benchmarks.curriculum import PATH, Written
from benchmarks.figures import Kind
from benchmarks.readers import nobody
from benchmarks.subjects import Dossier, Group, Subjects
from benchmarks.writing import Changes, answers_by_link, ask, logging, rating_pages, ratings, show_codes
from lms.accounts.passwords import DEMO_PASSWORD, DEMO_PEOPLE

FEW = 10
WRITES = 50
"""The number of writes that are recorded for the floor, which sends each of them once."""
RATED = 220
FORMATS = ("csv", "xlsx", "json")
SOUGHT = "ecg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page to measure.

    Its requests, made when it is its turn, are sent one after the other, over and over; those of a page that is `once`
    each a single time. The first `recorded` of them are what its floor does. `change` makes what is kept of the page
    useless before each request.
    """

    key: str
    title: str
    requests: Callable[[], Sequence[Request]]
    kind: Kind = Kind.PAGE
    expected: int = 200
    once: bool = False
    recorded: int = FEW
    change: Callable[[], None] | None = None


class Pages:
    """All pages of one size of data, in the order in which they are to be measured: what writes comes after."""

    def __init__(self, book: Book, subjects: Subjects, made: Written, url: str) -> None:
        self._book, self._subjects, self._made, self._url = book, subjects, made, url

    def __iter__(self) -> Iterator[Page]:
        """Yield the pages."""
        has = self._subjects
        if has.people:
            yield from self._about_people(has.people, "", "")
            yield from self._about_programme(has.cohorts[0], has.people[0])
            yield from self._about_cohorts(has.cohorts, "50", "50 trainees")
            yield from self._about_cohorts(has.wide, "1000", "1,000 trainees")
        yield from self._about_programmes()
        yield from self._about_people(has.shown, "shown-", ", region for show")
        yield from self._about_cohorts(has.shown_cohorts, "shown", "region for show")
        yield from self._about_nobody()

    def _about_people(self, people: Sequence[Dossier], mark: str, words: str) -> Iterator[Page]:
        """Yield the pages of trainees and of those who guide them."""
        trainees, trainers = partial(self._book.of_trainees, people), partial(self._book.of_trainers, people)
        enrolment, epa = "enrolment_id", "epa_id"
        for key, title, requests in (
            ("home", "Trainee home", partial(trainees, "progress.home")),
            ("activities", "Own activities", partial(trainees, "logbook.activities")),
            ("trainer-home", "Trainer home", partial(trainers, "progress.home")),
            ("queue", "Assessor's queue", partial(trainers, "assessments.waiting")),
            ("own-figures", "Own ratings in figures", partial(trainers, "progress.own_figures")),
            ("enrolment", "Enrolment", partial(trainers, "progress.enrolment", enrolment)),
            ("dossier", "EPA dossier", partial(trainers, "progress.dossier", enrolment, epa)),
        ):
            yield Page(key=mark + key, title=title + words, requests=requests)
        chart = partial(self._book.of_trainees, people[:1], "progress.levels_chart", enrolment, epa)
        yield from self._kept(f"{mark}levels", f"Levels chart{words}", chart)
        yield from self._written(people, mark, words)

    def _written(self, people: Sequence[Dossier], mark: str, words: str) -> Iterator[Page]:
        """Yield logging, and the form of those who answer, with the answers."""
        book = self._book
        yield Page(
            key=f"{mark}log",
            title=f"Log an activity, POST{words}",
            kind=Kind.OTHER,
            requests=partial(logging, book, people),
            expected=302,
            recorded=WRITES,
        )
        waiting = cache(partial(ask, book, self._url, people, RATED))
        yield Page(key=f"{mark}rate", title=f"Rating page{words}", requests=lambda: rating_pages(book, waiting()))
        yield Page(
            key=f"{mark}rating",
            title=f"Rating, POST{words}",
            kind=Kind.RATING,
            requests=lambda: ratings(book, waiting()),
            expected=302,
            once=True,
            recorded=WRITES,
        )
        links = cache(partial(show_codes, book, self._url, people, RATED))
        somebody = nobody(book.app)
        yield Page(
            key=f"{mark}link",
            title=f"Rating page by a link{words}",
            requests=lambda: [somebody.get(path) for path in links()],
        )
        yield Page(
            key=f"{mark}link-rating",
            title=f"Rating by a link, POST{words}",
            kind=Kind.RATING,
            requests=lambda: answers_by_link(book, links()),
            expected=302,
            once=True,
            recorded=WRITES,
        )

    def _about_programme(self, group: Group, one: Dossier) -> Iterator[Page]:
        """Yield the read pages of a programme, and the charts of all its EPAs, each drawn for the first time."""
        book, reader = self._book, self._book.readers[group.lead_id]
        programme = book.path("curriculum.programme", version_id=group.programme_version_id)
        epa = book.path("curriculum.epa", epa_id=one.epa_id)
        yield Page(key="programme", title="Programme", requests=lambda: [reader.get(programme)])
        yield Page(key="epa", title="EPA", requests=lambda: [reader.get(epa)])
        charts = partial(book.of_trainees, self._subjects.charted, "progress.levels_chart", "enrolment_id", "epa_id")
        yield Page(key="levels-drawn", title="Levels chart, drawn", kind=Kind.OTHER, requests=charts, once=True)

    def _about_programmes(self) -> Iterator[Page]:
        """Yield what people read to write, to choose and to move: of a large programme, a draft, a move, a package."""
        book, has = self._book, self._made
        writer, mover = book.readers[has.writer_id], book.readers[has.mover_id]
        trainee, anybody = book.readers[self._subjects.shown[0].trainee_id], nobody(book.app)
        draft, part = {"draft_id": has.draft_id}, {"draft_id": has.draft_id, "part_id": has.part_id}
        for key, title, reader, endpoint, values in (
            ("programme-100", "Programme of 100 EPAs", writer, "curriculum.programme", {"version_id": has.large_id}),
            ("epa-of-100", "EPA of that programme", writer, "curriculum.epa", {"epa_id": has.epa_id}),
            ("path", "Learning path, signed in", trainee, "paths.needs", {"key": PATH}),
            ("path-public", "Learning path, public", anybody, "paths.programme", {"language": "nl", "key": PATH}),
            ("search", "Search results", trainee, "search.search", {"q": SOUGHT}),
            ("draft", "Draft", writer, "authoring.draft", draft),
            ("draft-part", "Part of a draft", writer, "authoring.part", part),
            ("comparison", "Draft compared with its version", writer, "authoring.comparison", draft),
            ("move", "Move, what it means for whom", mover, "moves.move", {"move_id": has.move_id}),
            ("case", "CASE package", anybody, "exchange.case_package", {"document_identifier": book.first_package()}),
        ):
            ask = partial(reader.get, book.path(endpoint, **values))
            yield Page(key=key, title=title, requests=partial(lambda one: [one()], ask))

    def _about_cohorts(self, groups: Sequence[Group], mark: str, words: str) -> Iterator[Page]:
        """Yield the page, the picture and the report of cohorts."""
        leads, cohort = partial(self._book.of_leads, groups), "cohort_id"
        for key, title, endpoint in (
            ("cohort", "Cohort page", "progress.cohort"),
            ("report", "Cohort report, page", "reports.cohort_report"),
        ):
            yield Page(key=f"{key}-{mark}", title=f"{title}, {words}", requests=partial(leads, endpoint, cohort))
        heat_map = partial(self._book.of_leads, groups[:1], "progress.heat_map", cohort)
        yield Page(
            key=f"heat-map-drawn-{mark}",
            title=f"Heat map, {words}, drawn",
            kind=Kind.OTHER,
            requests=heat_map,
            change=Changes(self._url, groups[0].cohort_id),
        )
        yield from self._kept(f"heat-map-{mark}", f"Heat map, {words}", heat_map)
        for to in FORMATS:
            yield Page(
                key=f"export-{to}-{mark}",
                title=f"Cohort report, {to.upper()}, {words}",
                kind=Kind.LARGE_EXPORT,
                requests=partial(exports, self._book, groups, to),
                recorded=FEW if groups is self._subjects.wide else WRITES,
            )

    def _kept(self, key: str, title: str, requests: Callable[[], Sequence[Request]]) -> Iterator[Page]:
        """Yield a picture as the server keeps it and as the browser does."""
        kind, known = Kind.CACHED_CHART, partial(marked, self._book, requests)
        yield Page(key=f"{key}-kept", title=f"{title}, kept, 200", kind=kind, requests=requests)
        yield Page(key=f"{key}-known", title=f"{title}, known, 304", kind=kind, requests=known, expected=304)

    def _about_nobody(self) -> Iterator[Page]:
        """Yield what asks for no session."""
        reader = nobody(self._book.app)
        form = [("email", next(iter(DEMO_PEOPLE))), ("password", DEMO_PASSWORD)]
        sign_in, live = self._book.path("accounts.sign_in"), self._book.path("health.live")
        yield Page(
            key="sign-in",
            title="Sign in, POST",
            kind=Kind.OTHER,
            requests=lambda: [reader.post(sign_in, form)],
            expected=302,
            recorded=WRITES,
        )
        yield Page(key="live", title="Health, live", kind=Kind.OTHER, requests=lambda: [reader.get(live)])


def exports(book: Book, groups: Sequence[Group], to: str) -> list[Request]:
    """Return the requests of those who lead the cohorts for the report as a file."""
    return [
        book.readers[one.lead_id].post(
            book.path("reports.cohort_report_file", cohort_id=one.cohort_id), [("format", to)]
        )
        for one in groups
    ]


def marked(book: Book, requests: Callable[[], Sequence[Request]]) -> list[Request]:
    """Return the requests of a browser that has the answers already."""
    return [replace(one, headers={**one.headers, "If-None-Match": book.mark(one)}) for one in requests()]
