"""Dates as each language writes them."""

from datetime import date

from babel.dates import format_date


def long_date(day: date, language: str) -> str:
    """Write a date in words, such as "5 May 2025"."""
    return format_date(day, format="d MMMM y", locale=language)
