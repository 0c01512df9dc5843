"""What the file of a trainee holds beside observations: hours, placements, sessions, products, tests and exemptions."""
