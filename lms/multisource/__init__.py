"""Rounds of multi-source feedback: many people say how they see somebody, and nobody can tell who said what."""
