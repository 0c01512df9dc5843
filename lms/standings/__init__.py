"""The current standing of a trainee on an EPA: one row, kept in the transaction that changes it."""
