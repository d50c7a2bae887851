"""Stories of a case: what a citizen wrote, where it belongs, and whose it is. No input or output."""
