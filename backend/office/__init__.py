"""The office: where HR, union, leadership and auditors work with agreements, waves and results."""
