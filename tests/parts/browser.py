"""Debian's Chromium, driven by Playwright: no browser is downloaded."""

import shutil
from typing import Any

REMEDY = "apt-get install chromium fonts-dejavu-core"

FLAGS = (
    "--no-sandbox",  # Chromium refuses its sandbox to root, and containers have no other user
    "--disable-dev-shm-usage",  # a container's /dev/shm holds 64 MB
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
)

# How long a page may take to show what it shall, ms. What comes at once is waited for no longer, and a machine with four
# other things to do is no fault of the page.
PATIENCE = 90_000

# How our staff sit: an office screen, Indonesian, WITA.
DESK: dict[str, Any] = {
    "viewport": {"width": 1440, "height": 900},
    "locale": "id-ID",
    "timezone_id": "Asia/Makassar",
}


def program() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
