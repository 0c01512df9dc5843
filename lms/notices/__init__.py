"""What people are told: a list in the app, and mail as each of them wants it."""
