"""Who and what a payload speaks of: its users, its media and the posts it refers to, by id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from omnichannel.connectors.reading import part, parts, word
from omnichannel.domain.message import Author

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cast:
    """What stands beside the items. `own` is our account's id, None where nothing says it."""

    own: str | None = None
    users: Mapping[str, Item] = field(default_factory=dict)
    media: Mapping[str, Item] = field(default_factory=dict)
    posts: Mapping[str, Item] = field(default_factory=dict)

    def person(self, number: str | None) -> Author:
        """The author by id, with the name that came along, if one did."""
        if number is None:
            return Author(id="")
        return person(self.users[number]) if number in self.users else Author(id=number)

    def ours(self, number: str | None) -> bool:
        """Whether this is our own account."""
        return number is not None and number == self.own


def cast(thing: object, own: str | None) -> Cast:
    """The cast of a payload: v2 `includes`, and the `users` map of the activity APIs."""
    includes = part(thing, "includes")
    named = [bare(one) for one in (*parts(includes, "users"), *part(thing, "users").values())]
    return Cast(
        own=own,
        users=_by(named, identity),
        media=_by(parts(includes, "media"), lambda one: word(one, "media_key") or identity(one)),
        posts=_by(map(bare, parts(includes, "tweets")), identity),
    )


def bare(thing: object) -> Item:
    """An object without the `data` that the X Activity API wraps around it."""
    inside = part(thing, "data")
    return inside or (thing if isinstance(thing, dict) else {})


def identity(thing: object) -> str | None:
    """An id as text. `id` as a number has lost its last digits in many a JSON parser before ours: id_str goes first."""
    return word(thing, "id_str") or word(thing, "id")


def person(user: object) -> Author:
    """A user object of v1.1 or v2."""
    handle = word(user, "username") or word(user, "screen_name")
    return Author(id=identity(user) or "", name=word(user, "name"), handle=handle)


def pair(one: str | None, other: str | None) -> str:
    """The id of a conversation of two: `{smaller}-{larger}`
    (https://docs.x.com/x-api/direct-messages/lookup/integrate, 2026-11-22)."""
    known = [number for number in (one, other) if number]
    return "-".join(sorted(known, key=lambda number: (len(number), number)))


def _by(things: Iterable[Item], key: Any) -> dict[str, Item]:
    return {name: one for one in things if (name := key(one)) is not None}
