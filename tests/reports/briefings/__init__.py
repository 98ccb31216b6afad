"""Tests of what one kind of reader gets."""
