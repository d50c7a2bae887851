"""Reads config and the environment into plain settings; every error names its file and key."""
