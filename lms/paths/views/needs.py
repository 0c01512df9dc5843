"""The page of what somebody would still need to complete a programme."""

from __future__ import annotations

from flask import render_template, request

from competencies.paths import what_remains
from lms.accounts.permissions import me
from lms.core import clock, db
from lms.core.access import found, signed_in
from lms.core.words import in_language
from lms.curriculum import queries as curriculum
from lms.paths import queries, steps
from lms.paths.forms import NeedsForm
from lms.paths.views.blueprint import bp


@bp.get("/paths/<string:key>")
@signed_in
def needs(key: str) -> str:
    """Show what of a programme the person has already, by which proof, and what they would still need."""
    version = found(queries.version_to_follow(db.session(), key))
    tracks = {track["key"]: in_language(track["title"]) for track in version.details["tracks"]}
    grounds = {one["key"]: in_language(one["text"]) for one in version.exemptions}
    form = NeedsForm.for_path(request.args, tracks=tracks, grounds=grounds)
    track = form.track.data = form.chosen_track(tracks)
    path, declared = queries.path_and_declared(db.session(), version, me().id)
    return render_template(
        "paths/needs.html",
        programme=version,
        form=form,
        grounds=grounds,
        answer=what_remains(
            path,
            track=track,
            grounds=form.chosen_grounds(grounds),
            declared=declared,
            exempted=queries.exempted_from(db.session(), me().id, version.programme.key),
            on=clock.today(),
        ),
        vocabulary=curriculum.vocabulary(db.session()),
        module_titles=steps.module_titles,
    )
