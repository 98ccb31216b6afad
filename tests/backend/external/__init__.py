"""Survey files made with other tools."""
