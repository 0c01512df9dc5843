"""The process that answers: what is there when it begins is never searched again for what nobody needs."""

import os
import subprocess
import sys

ASKED = """
import gc
from lms.operations.web import application
searched = {id(one) for one in gc.get_objects()}
made_later = [application]
print(id(application) in searched, id(application.view_functions) in searched, gc.get_freeze_count() > 100_000)
print(gc.is_tracked(made_later), any(one is made_later for one in gc.get_objects()))
"""


def test_what_the_web_server_begins_with_is_kept_out_of_the_search_for_garbage() -> None:
    surroundings = os.environ | {
        "DATABASE_URL": "postgresql+psycopg://nobody@localhost/nowhere",
        "SECRET_KEY": "only for tests, " * 4,
    }
    told = subprocess.run(
        [sys.executable, "-c", ASKED], env=surroundings, check=True, capture_output=True, text=True, timeout=120
    )
    assert told.stdout.splitlines()[-2:] == ["False False True", "True True"]
