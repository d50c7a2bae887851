"""What an office may say on the toy Cloud API, and what the real one would refuse."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from omnichannel.toys.base import Line
from omnichannel.toys.graph import Problem

if TYPE_CHECKING:
    from omnichannel.toys.whatsapp import WhatsAppToy
    from omnichannel.toys.whatsapp_citizen import Citizen

MEDIA = ("image", "video", "audio", "document", "sticker")
WINDOW = timedelta(hours=24)
PLACES = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class Sending:
    """POST /{number}/messages."""

    def __init__(self, toy: "WhatsAppToy") -> None:
        self._toy = toy

    async def message(self, request: web.Request, node: str) -> dict[str, Any]:
        if node != self._toy.number_id:
            raise self._toy.missing(node)
        said = await request.json()
        if said.get("messaging_product") != "whatsapp":
            raise Problem(400, 100, "(#100) The parameter messaging_product is required.")
        if said.get("status") == "read":
            self._toy.read.append(said.get("message_id", ""))
            return {"success": True}
        citizen = self._citizen(said)
        text, files = self._content(said, citizen)
        wamid = self._toy.wamid()
        lines = self._toy.chat_lines.setdefault(citizen.id, [])
        lines.append(Line(False, text, self._toy.now(), files, wamid))
        key = said.get("biz_opaque_callback_data")
        for status in ("sent", "delivered") if self._toy.receipts else ():
            self._toy.tick(wamid, citizen, status, **({"biz_opaque_callback_data": key} if key else {}))
        told = {"input": said.get("to") or said.get("recipient"), "wa_id": citizen.number, "user_id": citizen.id}
        contacts = [{name: value for name, value in told.items() if value}]
        return {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": wamid}]}

    def _citizen(self, said: dict[str, Any]) -> "Citizen":
        """`to` is a number and goes first; a BSUID belongs into `recipient`."""
        if said.get("recipient_type", "individual") != "individual":
            raise Problem(400, 131009, "(#131009) Parameter value is not valid")
        to = str(said.get("to", ""))
        found = self._toy.known(to) if to.lstrip("+").isdigit() else self._toy.known(said.get("recipient"))
        if found is None or found.blocked:
            raise Problem(400, 131026, "(#131026) Message undeliverable")
        return found

    def _content(self, said: dict[str, Any], citizen: "Citizen") -> tuple[str, tuple[str, ...]]:
        kind = said.get("type", "text")
        if kind == "template":
            return self._template(said.get("template", {})), ()
        if citizen.last_at is None or self._toy.now() - citizen.last_at >= WINDOW:
            raise Problem(400, 131047, "(#131047) Re-engagement message")
        held = said.get(kind)
        if not isinstance(held, dict):
            raise Problem(400, 131008, "(#131008) Required parameter is missing")
        if kind == "text":
            return _checked(held.get("body", ""), 4096), ()
        if kind not in MEDIA:
            raise Problem(400, 131051, "(#131051) Unsupported message type")
        file = self._toy.files.get(held.get("id", ""))
        if file is None:
            raise Problem(400, 131052, "(#131052) Media download error")
        return _checked(held.get("caption", ""), 1024, empty=True), (held.get("filename") or file.name,)

    def _template(self, held: dict[str, Any]) -> str:
        known = self._toy.templates.get((held.get("name", ""), held.get("language", {}).get("code", "")))
        if known is None or known["status"] not in ("APPROVED", "PAUSED"):
            raise Problem(404, 132001, "(#132001) Template name does not exist in the translation")
        if known["status"] == "PAUSED":
            raise Problem(400, 132015, "(#132015) Template is paused")
        text: str = known["components"][0]["text"]
        given = [one for part in held.get("components", []) for one in part.get("parameters", [])]
        if len(given) != len(set(PLACES.findall(text))):
            raise Problem(400, 132000, "(#132000) Number of parameters does not match")
        values = {str(one.get("parameter_name", at)): one["text"] for at, one in enumerate(given, start=1)}
        return PLACES.sub(lambda place: values.get(place[1], place[0]), text)


def _checked(text: str, limit: int, *, empty: bool = False) -> str:
    if len(text) > limit:
        raise Problem(400, 100, "(#100) Param text['body'] must be at most 4096 characters long.")
    if not text.strip() and not empty:
        raise Problem(400, 131008, "(#131008) Required parameter is missing")
    return text
