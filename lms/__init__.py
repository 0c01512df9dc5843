"""The office around the competencies: people, storage and pages, cut by feature."""
