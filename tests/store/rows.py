"""Rows for the tests of the shelves."""

from datetime import timedelta

MINUTE = timedelta(minutes=1)
