"""The activities that trainees log."""
