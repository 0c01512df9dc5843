"""Asking somebody without an account for an assessment: by a link to their address, or by a code to scan."""
