"""Tests of backend.web."""
