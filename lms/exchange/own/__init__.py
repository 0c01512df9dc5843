"""Programmes in our own format, as YAML or as JSON."""
