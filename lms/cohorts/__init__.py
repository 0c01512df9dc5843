"""Cohorts of a programme version and the trainees enrolled in them."""
