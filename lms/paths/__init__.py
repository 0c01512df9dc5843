"""Learning paths: what a programme is, for whoever wants to follow it, and what somebody would still need."""
