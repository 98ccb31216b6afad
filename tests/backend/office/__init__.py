"""Tests of backend.office."""
