"""What is asked, of whom, when, and under which promises."""
