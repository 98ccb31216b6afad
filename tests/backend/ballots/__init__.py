"""Tests of backend.ballots."""
