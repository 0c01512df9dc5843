"""Working without coverage: what a device keeps of a person, and sends for them once it can."""
