"""Programmes, their EPAs and requirements, loaded and shown."""
