"""Whatever talks to somebody else's server. Leaves: only the roof imports them, and none knows another."""
