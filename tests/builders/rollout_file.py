"""A small organisation as the rollout file a real one would load."""

SMALL_ROLLOUT = """
organisation = "Harbour Works"
languages = ["en", "ar"]

[rollout]
id = "crane"
tool = "Crane Assist"
description = "A screen in the cab that proposes the next lift."

[[phase]]
id = "announce"
name = "Announced"

[[phase]]
id = "steady"
name = "Steady use"
in_use = true

[agreement]
purpose = "Learn what has to change before every crane gets the screen."
second_key = "union"
gates = [
    { construct = "surveillance", minimum = 50, stop_below = 35 },
    { construct = "job_security", minimum = 50, stop_below = 35 },
    { construct = "usefulness", minimum = 50, stop_below = 30 },
]

[[unit]]
id = "harbour"
name = "Harbour Works"

[[unit]]
id = "cranes"
name = "Cranes"
parent = "harbour"
headcount = 40

[[unit]]
id = "yard"
name = "Yard"
parent = "harbour"
headcount = 30

[[start]]
unit = "harbour"
phase = "announce"
on = 2026-01-05

[[start]]
unit = "cranes"
phase = "steady"
on = 2026-03-02

[[wave]]
number = 1
name = "Announcement"
form = "pulse"
opens_on = 2026-01-19
closes_on = 2026-01-30

[[wave]]
number = 2
name = "In use"
form = "pulse"
opens_on = 2026-04-13
closes_on = 2026-04-24
"""
