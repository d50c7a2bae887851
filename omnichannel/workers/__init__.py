"""Clocks of the house: take a row, call a story, ring a bell. No logic of their own."""
