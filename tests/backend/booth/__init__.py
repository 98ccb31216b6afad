"""Tests of backend.booth."""
