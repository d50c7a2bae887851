"""How long a post is by X's own measure (`domain.length`): 280 at most."""

from omnichannel.domain.length import LINKS, weight

__all__ = ["POST_LIMIT", "has_link", "weight"]

POST_LIMIT = 280


def has_link(text: str) -> bool:
    """Whether X would charge this as a post with a link."""
    return LINKS.search(text) is not None
