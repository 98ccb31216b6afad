"""Tests of backend.store."""
