"""Exchange: files that come in, seen before they count, and curricula that go out in open standards."""
