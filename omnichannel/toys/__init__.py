"""Toy platforms on loopback and their citizens, for the demo and the tests alike: they speak the wire format, sign,
batch, repeat, reorder, throttle and fail on command, and keep what both sides said."""

from omnichannel.toys.base import Chat, Line, Toy, ToyFile

__all__ = ["Chat", "Line", "Toy", "ToyFile"]
