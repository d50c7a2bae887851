"""A citizen on X: posts that name the office, answers, new versions, photographs, direct messages."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from omnichannel.toys.base import Line, ToyFile

if TYPE_CHECKING:
    from omnichannel.toys.x import XToy

Item = dict[str, Any]
OLD_TIME = "%a %b %d %H:%M:%S +0000 %Y"


class Citizen:
    """One person. `is_public` is how they write when nobody says how."""

    def __init__(self, toy: "XToy", name: str, user: Item) -> None:
        self._toy = toy
        self.name = name
        self.user = user
        self.id = str(user["id"])
        self.is_public = len(toy.citizens) % 2 == 1
        self.blocked = False
        self.last: Item | None = None

    def writes(self, text: str, file: ToyFile | None = None, *, at: datetime | None = None) -> Item:
        """Where they usually write."""
        return self.mentions(text, file, at=at) if self.is_public else self.messages(text, file, at=at)

    def mentions(
        self,
        text: str,
        file: ToyFile | None = None,
        *,
        answering: str | None = None,
        quoting: str | None = None,
        at: datetime | None = None,
    ) -> Item:
        """A post with our name in it, if it has not got one."""
        handle = f"@{self._toy.me['username']}"
        said = text if handle in text else f"{handle} {text}"
        return self._posts(said, file, answering=answering, quoting=quoting, at=at)

    def corrects(self, text: str) -> Item | None:
        """A new version of the last post; of a message only a better one can be sent."""
        if self.last is None:
            return None
        if "sender_id" in self.last:
            return self.messages(f"*{text}")
        handle = f"@{self._toy.me['username']}"
        said = text if handle in text else f"{handle} {text}"
        return self._posts(said, None, history=self.last["edit_history_tweet_ids"], root=self.last["conversation_id"])

    def messages(self, text: str, file: ToyFile | None = None, *, at: datetime | None = None) -> Item:
        """A direct message to the office."""
        moment, number = at or self._toy.now(), self._toy.number()
        item: Item = {
            "id": number, "event_type": "MessageCreate", "text": text, "sender_id": self.id,
            "dm_conversation_id": self.thread, "created_at": stamp(moment),
        }  # fmt: skip
        if file is not None:
            item["attachments"] = {"media_keys": [self._toy.keep(file, private=True)]}
        self._toy.events.append(item)
        self._toy.line(self.id, Line(True, text, moment, (file.name,) if file else (), number))
        self._toy.tell({"direct_message_events": [self._old_message(item, moment)], "users": self._people()})
        self.last = item
        return item

    def deletes(self, post: Item) -> None:
        """Take a post back."""
        self._toy.posts.remove(post)
        held = {"status": {"id": post["id"], "user_id": self.id}, "timestamp_ms": _milliseconds(self._toy.now())}
        self._toy.tell({"tweet_delete_events": [held]})

    def likes(self, number: str) -> None:
        """A heart under a post of ours."""
        now = self._toy.now()
        held = {
            "id": f"h{self._toy.number()}", "created_at": now.astimezone(UTC).strftime(OLD_TIME),
            "timestamp_ms": int(_milliseconds(now)), "favorited_status": {"id_str": number}, "user": self._old_user(),
        }  # fmt: skip
        self._toy.tell({"favorite_events": [held]})

    def reads(self, number: str) -> None:
        """They have seen our message."""
        held = {
            "created_timestamp": _milliseconds(self._toy.now()), "sender_id": self.id,
            "target": {"recipient_id": self._toy.own}, "last_read_event_id": number,
        }  # fmt: skip
        self._toy.tell({"direct_message_mark_read_events": [held], "users": self._people()})

    @property
    def thread(self) -> str:
        """The conversation of the two of us."""
        return "-".join(sorted((self.id, self._toy.own), key=int))

    def _posts(
        self,
        said: str,
        file: ToyFile | None,
        *,
        answering: str | None = None,
        quoting: str | None = None,
        history: list[str] | None = None,
        root: str | None = None,
        at: datetime | None = None,
    ) -> Item:
        moment, number = at or self._toy.now(), self._toy.number()
        answered = next((one for one in self._toy.posts if one["id"] == answering), None)
        item: Item = {
            "id": number, "text": said, "author_id": self.id, "created_at": stamp(moment),
            "conversation_id": root or (answered["conversation_id"] if answered else number),
            "edit_history_tweet_ids": [*(history or []), number],
        }  # fmt: skip
        referred = [("replied_to", answering), ("quoted", quoting)]
        if any(other for _, other in referred):
            item["referenced_tweets"] = [{"type": kind, "id": other} for kind, other in referred if other]
        if file is not None:
            item["attachments"] = {"media_keys": [self._toy.keep(file, private=False)]}
        if history:
            # Only the newest version of a post is ever listed.
            self._toy.posts = [one for one in self._toy.posts if one["id"] not in history]
        self._toy.posts.append(item)
        shown = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        self._toy.line(self.id, Line(True, shown, moment, (file.name,) if file else (), number))
        self._toy.tell({"tweet_create_events": [self._old_post(item, moment)]})
        self.last = item
        return item

    def _old_post(self, item: Item, moment: datetime) -> Item:
        """The same as v1.1 tells it."""
        answered = next((one["id"] for one in item.get("referenced_tweets", []) if one["type"] == "replied_to"), None)
        old = {
            "created_at": moment.astimezone(UTC).strftime(OLD_TIME), "id": int(item["id"]), "id_str": item["id"],
            "text": item["text"], "user": self._old_user(), "in_reply_to_status_id_str": answered,
            "edit_history": {"edit_tweet_ids": item["edit_history_tweet_ids"]},
        }  # fmt: skip
        return old | self._pictures(item)

    def _old_message(self, item: Item, moment: datetime) -> Item:
        said: Item = {"text": item["text"], "entities": {}}
        pictures = self._pictures(item).get("extended_entities")
        if pictures:
            said["attachment"] = {"type": "media", "media": pictures["media"][0]}
        made = {"target": {"recipient_id": self._toy.own}, "sender_id": self.id, "message_data": said}
        head = {"type": "message_create", "id": item["id"], "created_timestamp": _milliseconds(moment)}
        return {**head, "message_create": made}

    def _pictures(self, item: Item) -> Item:
        keys = item.get("attachments", {}).get("media_keys", [])
        found = [self._toy.media[key] for key in keys]
        if not found:
            return {}
        media = [
            {"id_str": one["media_key"].partition("_")[2], "type": "photo", "media_url_https": one["url"]}
            for one in found
        ]
        return {"extended_entities": {"media": media}}

    def _old_user(self) -> Item:
        return {"id_str": self.id, "name": self.name, "screen_name": self.user["username"]}

    def _people(self) -> Item:
        ours = {"id": self._toy.own, "name": self._toy.me["name"], "screen_name": self._toy.me["username"]}
        return {self.id: {**self._old_user(), "id": self.id}, self._toy.own: ours}


def stamp(moment: datetime) -> str:
    """2026-11-22T06:05:00.000Z, as v2 writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
