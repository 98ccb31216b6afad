"""The demo: a simulated city answers six pulses through the real system."""
