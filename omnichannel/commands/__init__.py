"""The commands, a file each; `__main__` puts them together. Bodies import what they need, so that the small ones start fast."""
