"""The command line as HR and operators use it."""
