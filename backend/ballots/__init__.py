"""Papers, the ballot box and the count. Nothing here knows who anyone is."""
