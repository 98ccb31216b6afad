"""Work done later: one table of jobs with leases, the same on both engines."""
