"""The updates of a payload: one (a webhook's body), an answer of getUpdates, or whatever a recording made of them.

Archives keep a message without its update, a list, a request with its body; all of that is found. What is no update stays in
the list as it came, for the reader to say what it cannot read.
"""

from collections.abc import Collection
from typing import Any

from omnichannel.connectors.reading import Unreadable, part, word
from omnichannel.connectors.wrapping import opened

Item = dict[str, Any]
# What an object under one of Update's names has, and an object of somebody else's under the same name has not.
_TELLING = ("chat", "from", "user", "message_id", "date", "id", "voter_chat")


def updates(payload: object, kinds: Collection[str]) -> list[Any]:
    """Every update; `kinds` are the names that Update's fields have. Unreadable: there is none."""
    found = opened(payload, lambda thing: _here(thing, kinds))
    if found is None:
        raise Unreadable(f"pembaruan Telegram{_trouble(payload)}")
    return found


def _here(thing: Item, kinds: Collection[str]) -> list[Any] | None:
    if "update_id" in thing:
        return [thing]
    result = thing.get("result")
    if isinstance(result, list):
        return [_dressed(one) for one in result]
    if isinstance(result, dict) and "ok" in thing:
        bare = _bare(result)
        return None if bare is None else [bare]
    if any(_tells(thing.get(kind)) for kind in kinds):
        return [thing]
    bare = _bare(thing)
    return None if bare is None else [bare]


def _tells(held: object) -> bool:
    return isinstance(held, dict) and any(key in held for key in _TELLING)


def _dressed(one: object) -> object:
    """A message where an update should be, made one."""
    bare = _bare(one) if isinstance(one, dict) and "update_id" not in one else None
    return one if bare is None else bare


def _bare(thing: Item) -> Item | None:
    """What archives keep of an update: the thing itself. Its own fields say what it is."""
    if "chat_instance" in thing and "from" in thing:
        return {"callback_query": thing}
    if "query" in thing and "offset" in thing and "from" in thing:
        return {"inline_query": thing}
    if not part(thing, "chat"):
        return None
    if "new_reaction" in thing:
        return {"message_reaction": thing}
    if "new_chat_member" in thing and "old_chat_member" in thing:
        ours = part(part(thing, "new_chat_member"), "user").get("is_bot") is True
        return {"my_chat_member" if ours else "chat_member": thing}
    if "message_id" in thing and "date" in thing:
        return {"message": thing}
    return None


def _trouble(payload: object) -> str:
    """What the answer of an error says."""
    said = word(payload, "description")
    return f": {said[:200]}" if said else ""
