"""Programmes as workbooks, to fill in offline and to read back."""
