"""Tests of what a reader gets: pages, charts and PDFs."""
