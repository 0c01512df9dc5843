"""The application that the web server serves, made from the settings of its environment."""

from __future__ import annotations

from lms.app import create_app
from lms.core.logs import set_up_logs
from lms.operations.installation import with_secret
from lms.settings import read_settings

set_up_logs()
application = create_app(with_secret(read_settings()))
