"""What a trainee has, needs and waits for; the cohort seen as a whole."""
