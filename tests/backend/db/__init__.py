"""Tests of backend.db."""
