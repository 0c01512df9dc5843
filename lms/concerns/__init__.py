"""Concerns about a trainee: for those who guide them alone, and for the trainee once somebody talked with them."""
