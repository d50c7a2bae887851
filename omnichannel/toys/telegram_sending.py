"""What a bot may say on the toy Bot API, and what the real one would refuse."""

import json
from typing import TYPE_CHECKING, Any

from omnichannel.toys.base import Line, ToyFile

if TYPE_CHECKING:
    from omnichannel.toys.telegram import Room, TelegramToy

KINDS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVideo": "video",
    "sendAudio": "audio",
    "sendVoice": "voice",
}
METHODS = {"sendMessage", "sendMediaGroup", "editMessageText", "setMessageReaction", "sendChatAction", *KINDS}


class Problem(Exception):
    """A refusal as the Bot API words it; `parameter` names the number that goes with it."""

    def __init__(self, code: int, description: str, parameter: str = "") -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameter = parameter


class Sending:
    """The methods that speak in a chat."""

    def __init__(self, toy: "TelegramToy") -> None:
        self._toy = toy

    def call(self, method: str, fields: dict[str, Any]) -> Any:
        room = self._room(fields)
        if method in ("sendChatAction", "setMessageReaction"):
            return True
        if method == "editMessageText":
            return self._edit(room, fields)
        if method == "sendMediaGroup":
            return [self._album_part(room, fields, item) for item in json.loads(fields.get("media", "[]"))]
        if method in KINDS:
            return self._file(room, fields, KINDS[method])
        return self._message(room, fields, _checked(fields.get("text", "")), (), {"text": fields.get("text", "")})

    def _room(self, fields: dict[str, Any]) -> "Room":
        number = fields.get("chat_id", "")
        room = self._toy.rooms.get(int(number)) if number.lstrip("-").isdigit() else None
        if room is None:
            raise Problem(400, "Bad Request: chat not found")
        if room.blocked:
            raise Problem(403, "Forbidden: bot was blocked by the user")
        if not room.written:
            raise Problem(403, "Forbidden: bot can't initiate conversation with a user")
        return room

    def _file(self, room: "Room", fields: dict[str, Any], kind: str) -> dict[str, Any]:
        file = fields.get(kind)
        if isinstance(file, str) and file.startswith("attach://"):
            file = fields.get(file.removeprefix("attach://"))
        if not isinstance(file, ToyFile):
            raise Problem(400, f"Bad Request: there is no {kind} in the request")
        caption = _checked(fields.get("caption", ""), 1024, "message caption is too long", empty=True)
        file_id = self._toy.keep(file)
        described: dict[str, Any] = {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_name": file.name,
            "mime_type": file.media_type,
            "file_size": len(file.content),
            "width": 1,
            "height": 1,
            "duration": 1,
        }
        held = {kind: [described] if kind == "photo" else described}
        return self._message(room, fields, caption, (file.name,), held | ({"caption": caption} if caption else {}))

    def _album_part(self, room: "Room", fields: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
        of_part = {**fields, item["type"]: item["media"], "caption": item.get("caption") or ""}
        return self._file(room, of_part, item["type"])

    def _edit(self, room: "Room", fields: dict[str, Any]) -> dict[str, Any]:
        text, number = _checked(fields.get("text", "")), fields.get("message_id", "")
        for at, line in enumerate(room.lines):
            if line.id == number and not line.mine:
                room.lines[at] = Line(False, text, line.at, line.files, line.id)
                return {"message_id": int(number), "date": int(line.at.timestamp()), "chat": room.chat, "text": text}
        raise Problem(400, "Bad Request: message to edit not found")

    def _message(
        self, room: "Room", fields: dict[str, Any], text: str, files: tuple[str, ...], held: dict[str, Any]
    ) -> dict[str, Any]:
        number, now = self._toy.number("message"), self._toy.now()
        room.lines.append(Line(False, text, now, files, str(number)))
        answers = json.loads(fields.get("reply_parameters", "{}")).get("message_id")
        before = {"message_id": answers, "date": 1, "chat": room.chat} if answers else None
        return {
            "message_id": number,
            "date": int(now.timestamp()),
            "chat": room.chat,
            "from": self._toy.me,
            **held,
            **({"reply_to_message": before} if before else {}),
        }


def _checked(text: str, limit: int = 4096, problem: str = "message is too long", *, empty: bool = False) -> str:
    if len(text) > limit:
        raise Problem(400, f"Bad Request: {problem}")
    if not text.strip() and not empty:
        raise Problem(400, "Bad Request: message text is empty")
    return text
