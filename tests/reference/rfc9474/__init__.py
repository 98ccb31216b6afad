"""The published test vectors of RFC 9474 and how they came here."""
