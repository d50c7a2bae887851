"""The post under which a public thread stands: kept once, so that whoever answers a comment knows what it is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Post:
    """What the platform tells of a post. `kind` is image, video, album or "" (words, or not told)."""

    text: str = ""
    link: str | None = None
    kind: str = ""
    at: datetime | None = None


class Posts(Protocol):
    """By account and the thread's name there."""

    def get(self, account: str, thread: str) -> Post | None: ...
    def keep(self, account: str, thread: str, post: Post, seen_at: datetime) -> None:
        """In the place of what was known."""
