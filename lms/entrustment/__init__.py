"""Entrustment decisions: taken, in force, superseded."""
