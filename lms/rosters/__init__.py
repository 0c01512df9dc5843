"""Rosters: who worked with whom on which day, as proposals to both to assess what was seen."""
