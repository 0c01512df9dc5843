"""Competency frameworks as Moodle exports and takes them: one CSV file with a row for the framework and each part."""
