"""The pages of imports and packages, and what a CASE provider answers."""

from lms.exchange.views import drafting, files, imports, packages, provider
from lms.exchange.views.blueprint import bp

__all__ = ["bp", "drafting", "files", "imports", "packages", "provider"]
