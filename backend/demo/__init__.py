"""The demo: a simulated city answers six pulses through the real system."""

SIGN_INS = "sign-ins.txt"
"""Where the made-up passwords of the demo organisation are kept, beside its database."""

TRUTH = "planted-truth.json"
"""What the simulation planted, to compare with what was released."""

SAMPLE = "sample-cards.pdf"
"""A few of the cards that employees draw."""
