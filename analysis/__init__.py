"""From counts to numbers that may be released."""
