"""Programmes written on a page: drafts in parts, reviewed by a second person and published as a new version."""
