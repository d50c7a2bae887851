"""A free loopback port, and waiting until somebody listens on it."""

import socket
import time
from collections.abc import Callable


def free_port() -> int:
    """A port nobody has now. Another process may take it before you do: bind soon."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, *, alive: Callable[[], bool], log: Callable[[], str], seconds: float = 15) -> None:
    """Returns once `port` accepts; raises with the server's own log where it died or never answered."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and alive():
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"nothing listens on port {port}; the server said:\n{log()}")
