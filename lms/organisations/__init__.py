"""Organisations, departments, alliances and dated roles."""
