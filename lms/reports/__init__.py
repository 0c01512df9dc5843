"""The cohort report and the audit trail, as page and as file."""
