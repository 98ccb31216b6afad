"""Makers of realistic test data."""
