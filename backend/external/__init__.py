"""Survey files made with other tools, put through our own counts, release and briefing."""
