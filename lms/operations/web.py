"""The application that the web server serves, made from the settings of its environment."""

from __future__ import annotations

import gc

from lms.core.garbage import without_collecting
from lms.core.logs import set_up_logs
from lms.operations.installation import with_secret
from lms.settings import read_settings

with without_collecting():
    from lms.app import create_app

    set_up_logs()
    application = create_app(with_secret(read_settings()))

# All that is there now stays as long as the process. Searching it for what nobody needs any more would hold up a page
# that makes many values, such as that of a thousand trainees, for longer than the page itself takes.
gc.collect()
gc.freeze()
# A page makes some thousands of values and drops them all: to look through them every 700 of them costs a tenth of it.
gc.set_threshold(10_000, 10, 10)
