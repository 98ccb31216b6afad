"""Queries by subject: each function is one use case and one transaction."""
