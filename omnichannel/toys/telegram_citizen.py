"""A citizen with a telephone: everything one can do to a bot on Telegram."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from omnichannel.toys.base import Line, ToyFile

if TYPE_CHECKING:
    from omnichannel.toys.telegram import TelegramToy

Item = dict[str, Any]


class Citizen:
    """One person. Each verb returns the update's content as Telegram sent it; `where` is a group's chat id."""

    def __init__(self, toy: "TelegramToy", name: str, user: Item) -> None:
        self._toy = toy
        self.name = name
        self.user = user
        self.chat: int = user["id"]
        self.last: Item | None = None

    async def writes(
        self, text: str, *, where: int | None = None, answering: int | None = None, at: datetime | None = None
    ) -> Item:
        return await self._says({"text": text}, text, where=where, answering=answering, at=at)

    async def sends_photo(self, file: ToyFile, caption: str = "", *, album: str | None = None) -> Item:
        sizes = [{**self._described(file), "width": 90 * scale, "height": 60 * scale} for scale in (1, 4, 14)]
        return await self._says({"photo": sizes, "caption": caption, "media_group_id": album}, caption, file)

    async def sends_document(self, file: ToyFile, caption: str = "") -> Item:
        described = {**self._described(file), "file_name": file.name, "mime_type": file.media_type}
        return await self._says({"document": described, "caption": caption}, caption, file)

    async def sends_voice(self, file: ToyFile, seconds: int = 4) -> Item:
        described = {**self._described(file), "mime_type": file.media_type, "duration": seconds}
        return await self._says({"voice": described}, "", file)

    async def sends_album(self, files: list[ToyFile], caption: str = "") -> list[Item]:
        """Several photos as one message: Telegram tells of each part alone, the first with the caption."""
        album = str(self._toy.number("message") + 13_000_000)
        return [await self.sends_photo(file, "" if at else caption, album=album) for at, file in enumerate(files)]

    async def shares_place(self, lat: float, lon: float) -> Item:
        return await self._says({"location": {"latitude": lat, "longitude": lon}}, f"📍 {lat}, {lon}")

    async def moves(self, shared: Item, lat: float, lon: float) -> Item:
        """A location that is shared live goes on."""
        place = {"latitude": lat, "longitude": lon, "live_period": 900}
        item = {**shared, "location": place, "edit_date": int(self._toy.now().timestamp())}
        await self._toy.tell("edited_message", item)
        return item

    async def shares_contact(self, phone: str) -> Item:
        card = {"phone_number": phone, "first_name": self.user["first_name"], "user_id": self.user["id"]}
        return await self._says({"contact": card}, phone)

    async def edits(self, message: Item, text: str) -> Item:
        """Change the words of an own message."""
        now = self._toy.now()
        room = self._toy.rooms[message["chat"]["id"]]
        room.lines = [
            Line(True, text, line.at, line.files, line.id) if line.id == str(message["message_id"]) else line
            for line in room.lines
        ]
        said = "caption" if "photo" in message or "document" in message else "text"
        item = {**message, said: text, "edit_date": int(now.timestamp())}
        await self._toy.tell("edited_message", item)
        return item

    async def reacts(self, message_id: int, emoji: str | None, before: str | None = None) -> Item:
        """Put a reaction, change it (`before`), or take it back (None)."""
        item = {
            "chat": self._toy.rooms[self.chat].chat,
            "message_id": message_id,
            "user": self.user,
            "date": int(self._toy.now().timestamp()),
            "old_reaction": [{"type": "emoji", "emoji": before}] if before else [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        await self._toy.tell("message_reaction", item)
        return item

    async def presses(self, message_id: int, data: str) -> Item:
        """Press a button under a message of ours."""
        chat = self._toy.rooms[self.chat].chat
        under = {"message_id": message_id, "date": int(self._toy.now().timestamp()), "chat": chat, "from": self._toy.me}
        item = {
            "id": str(self._toy.number("update") + 10**12),
            "from": self.user,
            "message": under,
            "chat_instance": "1",
            "data": data,
        }
        await self._toy.tell("callback_query", item)
        return item

    async def blocks(self) -> None:
        await self._membership("member", "kicked")

    async def unblocks(self) -> None:
        await self._membership("kicked", "member")

    async def _membership(self, before: str, after: str) -> None:
        room = self._toy.rooms[self.chat]
        room.blocked = after == "kicked"
        member = {"user": self._toy.me, "until_date": 0}
        await self._toy.tell("my_chat_member", {
            "chat": room.chat, "from": self.user, "date": int(self._toy.now().timestamp()),
            "old_chat_member": {**member, "status": before}, "new_chat_member": {**member, "status": after},
        })  # fmt: skip

    def _described(self, file: ToyFile) -> Item:
        file_id = self._toy.keep(file)
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(file.content)}

    async def _says(
        self,
        held: Item,
        text: str,
        file: ToyFile | None = None,
        *,
        where: int | None = None,
        answering: int | None = None,
        at: datetime | None = None,
    ) -> Item:
        room = self._toy.rooms[where or self.chat]
        room.written = True
        number, moment = self._toy.number("message"), at or self._toy.now()
        room.lines.append(Line(True, text, moment, (file.name,) if file else (), str(number)))
        item = {"message_id": number, "date": int(moment.timestamp()), "chat": room.chat, "from": self.user}
        item |= {key: value for key, value in held.items() if value not in (None, "")}
        if answering is not None:
            item["reply_to_message"] = {
                "message_id": answering,
                "date": item["date"],
                "chat": room.chat,
                "from": self._toy.me,
            }
        self.last = item
        await self._toy.tell("message", item)
        return item
