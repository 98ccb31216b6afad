"""Booth, counter, office, ballots, database, jobs and command line."""
