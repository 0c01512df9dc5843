"""Reflections: for their writer alone, and for whom the writer shares one with."""
