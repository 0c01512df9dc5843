"""Loading scales, words and programmes from files; a file is loaded whole or not at all."""

from lms.curriculum.actions.catalogue import CatalogueSummary, check_files, load_catalogue, load_files
from lms.curriculum.actions.lifecycle import publish_version, retire_version
from lms.curriculum.actions.programmes import load_programme
from lms.curriculum.actions.shared import load_scales, load_vocabulary
from lms.curriculum.actions.shipped import load_shipped

__all__ = [
    "CatalogueSummary",
    "check_files",
    "load_catalogue",
    "load_files",
    "load_programme",
    "load_scales",
    "load_shipped",
    "load_vocabulary",
    "publish_version",
    "retire_version",
]
