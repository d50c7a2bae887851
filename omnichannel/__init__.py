"""Omnichannel: one desk where a local government hears its citizens on every channel and answers in time."""

__version__ = "0.1.0"
