"""Words, laws and sockets. Standard library only; knows no platform by name."""
