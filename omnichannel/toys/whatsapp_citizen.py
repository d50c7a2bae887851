"""A citizen with WhatsApp: everything one can do to an office's number."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from omnichannel.toys.base import Line, ToyFile

if TYPE_CHECKING:
    from omnichannel.toys.whatsapp import WhatsAppToy

Item = dict[str, Any]


class Citizen:
    """One person. `id` is their BSUID; `number` is None for those who show a username instead."""

    def __init__(self, toy: "WhatsAppToy", name: str, *, with_number: bool) -> None:
        self._toy = toy
        self.name = name
        # The same person after every start: an office that runs on must not take them for somebody else.
        serial = int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big")
        self.id = f"ID.{13_490_000_000_000_000_000 + serial}"
        self.number: str | None = f"62800{serial % 10**9:09d}" if with_number else None
        self.username = None if with_number else name.lower().replace(" ", ".")
        self.blocked = False
        self.last: Item | None = None
        self.last_at: datetime | None = None

    def writes(self, text: str, *, answering: str | None = None, at: datetime | None = None, **more: Any) -> Item:
        return self._says({"type": "text", "text": {"body": text}, **more}, text, answering=answering, at=at)

    def sends_file(self, file: ToyFile, caption: str = "", *, voice: bool = False) -> Item:
        kind = {"image": "image", "video": "video", "audio": "audio"}.get(file.media_type.split("/")[0], "document")
        held: Item = {"id": self._toy.keep(file), "mime_type": file.media_type, "sha256": "dG95"}
        held |= {"caption": caption} if caption else {}
        held |= {"filename": file.name} if kind == "document" else {}
        held |= {"voice": voice} if kind == "audio" else {}
        return self._says({"type": kind, kind: held}, caption, file)

    def shares_place(self, lat: float, lon: float, name: str = "") -> Item:
        place: Item = {"latitude": lat, "longitude": lon} | ({"name": name} if name else {})
        return self._says({"type": "location", "location": place}, f"📍 {name or f'{lat}, {lon}'}")

    def presses(self, text: str, payload: str, *, answering: str | None = None) -> Item:
        """Press a quick reply under a template of ours."""
        return self._says({"type": "button", "button": {"text": text, "payload": payload}}, text, answering=answering)

    def edits(self, message: Item, text: str) -> Item:
        """Change the words of an own message."""
        lines = self._toy.chat_lines[self.id]
        for at, line in enumerate(lines):
            if line.id == message["id"]:
                lines[at] = Line(True, text, line.at, line.files, line.id)
        kind = message["type"]
        held = {"body": text} if kind == "text" else {**message[kind], "caption": text}
        edit = {"original_message_id": message["id"], "message": {"type": kind, kind: held}}
        return self._tells({"type": "edit", "edit": edit})

    def withdraws(self, message: Item) -> Item:
        return self._tells({"type": "revoke", "revoke": {"original_message_id": message["id"]}})

    def reacts(self, wamid: str, emoji: str) -> Item:
        """Put a reaction, or take it back with an empty one."""
        return self._tells({"type": "reaction", "reaction": {"message_id": wamid, "emoji": emoji}})

    def changes_number(self) -> Item:
        """A new number brings a new BSUID; WhatsApp says so under the old one."""
        old_id, old_number = self.id, self.number
        self.id = f"{self.id}9"
        self.number = f"{old_number}9" if old_number else None
        self._toy.chat_lines[self.id] = self._toy.chat_lines.pop(old_id, [])
        item: Item = {"id": self._toy.wamid(), "timestamp": self._stamp(self._toy.now()), "type": "system"}
        item["system"] = {"type": "user_changed_user_id", "user_id": self.id, "previous_user_id": old_id}
        item["system"]["body"] = f"User changed from {old_id} to {self.id}"
        self._toy.tell(item)
        return item

    def writes_a_poll(self) -> Item:
        """Something that the Cloud API does not pass on."""
        errors = [{"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}]
        return self._tells({"type": "unsupported", "unsupported": {"type": "poll_creation"}, "errors": errors})

    def hears_from_the_phone(self, text: str) -> Item:
        """Somebody at the office answers in the telephone's app."""
        item: Item = {"from": self._toy.number, "to_user_id": self.id, "id": self._toy.wamid()}
        item |= {"to": self.number} if self.number else {}
        item |= {"timestamp": self._stamp(self._toy.now()), "type": "text", "text": {"body": text}}
        self._toy.chat_lines.setdefault(self.id, []).append(Line(False, text, self._toy.now(), (), item["id"]))
        self._toy.tell(item, key="message_echoes", field="smb_message_echoes")
        return item

    @property
    def contact(self) -> Item:
        """Who they are, as webhooks say it."""
        profile: Item = {"name": self.name} | ({"username": self.username} if self.username else {})
        return {"profile": profile, "user_id": self.id} | ({"wa_id": self.number} if self.number else {})

    def _says(
        self,
        held: Item,
        text: str,
        file: ToyFile | None = None,
        *,
        answering: str | None = None,
        at: datetime | None = None,
    ) -> Item:
        moment = at or self._toy.now()
        item = self._item(held, moment)
        if answering is not None:
            item["context"] = {"from": self._toy.number, "id": answering}
        lines = self._toy.chat_lines.setdefault(self.id, [])
        lines.append(Line(True, text, moment, (file.name,) if file else (), item["id"]))
        self.last, self.last_at = item, moment
        self._toy.tell(item, contacts=[self.contact])
        return item

    def _tells(self, held: Item) -> Item:
        item = self._item(held, self._toy.now())
        self._toy.tell(item, contacts=[self.contact])
        return item

    def _item(self, held: Item, at: datetime) -> Item:
        item: Item = {"id": self._toy.wamid(), "from_user_id": self.id, "timestamp": self._stamp(at)}
        return item | ({"from": self.number} if self.number else {}) | held

    def _stamp(self, at: datetime) -> str:
        return str(int(at.timestamp()))
