"""The booth: where employees answer. No cookies, no sessions, no log of visits."""
