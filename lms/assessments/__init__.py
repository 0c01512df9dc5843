"""Asking for an assessment and giving one."""
