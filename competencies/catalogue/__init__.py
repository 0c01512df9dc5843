"""The programmes that ship with the product, one YAML file each, and the two files they share."""

from pathlib import Path

FOLDER = Path(__file__).parent
SHARED = frozenset({"scales", "vocabulary"})


def catalogue_files() -> dict[str, Path]:
    """Return every file of the catalogue by its name without suffix, in the order of the names."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def programme_files() -> dict[str, Path]:
    """Return the files that hold a programme, by name; scales and vocabulary are not among them."""
    return {name: path for name, path in catalogue_files().items() if name not in SHARED}
