"""People's accounts, their sessions and signing in."""
