"""`python -m backend` is the `canvass` command."""

from backend.cli import main

main()
