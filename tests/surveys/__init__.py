"""Tests of `surveys`, one file per module."""
