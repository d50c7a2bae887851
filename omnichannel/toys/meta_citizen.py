"""A citizen on Facebook or Instagram: everything one can do to an office's account."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from omnichannel.toys.base import Line, ToyFile

if TYPE_CHECKING:
    from omnichannel.toys.meta import MetaToy

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Comment:
    """One under a post; `author` is None for the office."""

    id: str
    post: str
    author: "Citizen | None"
    text: str
    at: datetime
    parent: str | None = None
    hidden: bool = False
    answered_privately: bool = False


class Citizen:
    """One person, known to the office by an id of its own."""

    def __init__(self, toy: "MetaToy", name: str, serial: int) -> None:
        self._toy = toy
        self.name = name
        self.id = str(6_100_000_000_000_000 + serial)
        self.handle = f"{name.lower().replace(' ', '.')}.{serial}"
        self.blocked = False
        self.last: Item | None = None
        self.last_at: datetime | None = None

    def thread(self, post: str) -> str:
        """Their words under a post, as a chat of their own."""
        return f"{self.id}@{post}"

    # ---- direct messages

    def writes(self, text: str, *, answering: str | None = None, at: datetime | None = None, **more: Any) -> Item:
        held: Item = {"text": text, **more} | ({"reply_to": {"mid": answering}} if answering else {})
        return self._says(held, text, at=at)

    def sends_file(self, file: ToyFile, caption: str = "") -> Item:
        kind = {"image": "image", "video": "video", "audio": "audio"}.get(file.media_type.split("/")[0], "file")
        number = self._toy.keep(file)
        held: Item = {"attachments": [{"type": kind, "payload": {"url": self._toy.link(number)}}]}
        item = self._says(held | ({"text": caption} if caption else {}), caption, files=(file.name,))
        self._toy.messages[item["message"]["mid"]] = (number,)
        return item

    def shares_place(self, lat: float, lon: float, name: str = "") -> Item:
        place = {"type": "location", "title": name, "payload": {"coordinates": {"lat": lat, "long": lon}}}
        return self._says({"attachments": [place]}, f"📍 {name or f'{lat}, {lon}'}")

    def presses(self, title: str, payload: str) -> Item:
        """Press a button under a message of ours."""
        return self._tells({"postback": {"mid": self._toy.mid(), "title": title, "payload": payload}})

    def edits(self, message: Item, text: str) -> Item:
        mid = message["message"]["mid"]
        lines = self._toy.chat_lines[self.id]
        for at, line in enumerate(lines):
            if line.id == mid:
                lines[at] = Line(True, text, line.at, line.files, line.id)
        return self._tells({"message_edit": {"mid": mid, "text": text, "num_edit": 1}})

    def withdraws(self, message: Item) -> Item:
        return self._tells({"message": {"mid": message["message"]["mid"], "is_deleted": True}})

    def reacts(self, mid: str, emoji: str) -> Item:
        """Put a reaction, or take it back with an empty one."""
        held = {"mid": mid, "action": "react" if emoji else "unreact"} | ({"emoji": emoji} if emoji else {})
        return self._tells({"reaction": held})

    def hears_from_the_app(self, text: str) -> Item:
        """Somebody at the office answers in Meta's own inbox."""
        return self._toy_says({"mid": self._toy.mid(), "text": text, "is_echo": True})

    # ---- comments

    def comments(self, post: str, text: str, *, under: str | None = None) -> Comment:
        number = f"{post.rpartition('_')[2]}_{self._toy.serial()}" if "_" in post else self._toy.serial()
        comment = Comment(number, post, self, text, self._toy.now(), under)
        self._toy.comments[comment.id] = comment
        self._toy.posts.setdefault(post, "")
        self._line(self.thread(post), Line(True, text, comment.at, (), comment.id))
        self._toy.tell_comment(comment, "add")
        return comment

    def edits_comment(self, comment: Comment, text: str) -> Comment:
        after = replace(comment, text=text)
        self._toy.comments[comment.id] = after
        self._toy.tell_comment(after, "edited")
        return after

    def removes_comment(self, comment: Comment) -> None:
        del self._toy.comments[comment.id]
        self._toy.tell_comment(comment, "remove")

    # ---- behind it

    def hears(self, line: Line, post: str | None = None) -> None:
        """What the office said, directly or under a post."""
        self._line(self.thread(post) if post else self.id, line)

    def _toy_says(self, message: Item) -> Item:
        moment = self._toy.now()
        self.hears(Line(False, message.get("text", ""), moment, (), message["mid"]))
        item: Item = {"sender": {"id": self._toy.entry_id}, "recipient": {"id": self.id}}
        item |= {"timestamp": int(moment.timestamp() * 1000), "message": message}
        self._toy.tell(item)
        return item

    def _says(self, held: Item, text: str, files: tuple[str, ...] = (), at: datetime | None = None) -> Item:
        moment = at or self._toy.now()
        item = self._item({"message": {"mid": self._toy.mid(), **held}}, moment)
        self._line(self.id, Line(True, text, moment, files, item["message"]["mid"]))
        self.last, self.last_at = item, moment
        self._toy.tell(item)
        return item

    def _tells(self, held: Item) -> Item:
        item = self._item(held, self._toy.now())
        self._toy.tell(item)
        return item

    def _item(self, held: Item, at: datetime) -> Item:
        parties: Item = {"sender": {"id": self.id}, "recipient": {"id": self._toy.entry_id}}
        return parties | {"timestamp": int(at.timestamp() * 1000)} | held

    def _line(self, chat: str, line: Line) -> None:
        self._toy.chat_lines.setdefault(chat, []).append(line)
