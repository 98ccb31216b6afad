"""The published test vectors of RFC 9180."""
