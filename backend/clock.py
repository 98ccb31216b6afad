"""What day it is."""

from datetime import date, datetime


def today() -> date:
    """Give the day it is where this computer stands."""
    return datetime.now().astimezone().date()
