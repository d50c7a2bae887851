"""What the WhatsApp tests share: a clock set by hand, an account on the toy, and letters to its citizens."""

from datetime import UTC, datetime
from typing import Any

from omnichannel.connectors.whatsapp import WhatsAppConnector
from omnichannel.domain.channel import Address, Channel, Surface
from omnichannel.domain.message import Event, Outgoing, OutgoingFile
from omnichannel.domain.office import Account, Secret
from omnichannel.domain.ports import Raw
from omnichannel.toys.whatsapp import WhatsAppToy
from omnichannel.toys.whatsapp_citizen import Citizen

TOKEN = "EAAtoy-token"
PDF = OutgoingFile("surat tugas.pdf", "application/pdf", b"%PDF isi")
JPG = OutgoingFile("jalan.jpg", "image/jpeg", b"\xff\xd8 isi")
MP3 = OutgoingFile("suara.mp3", "audio/mpeg", b"ID3 isi")


class Hours:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def an_account(toy: WhatsAppToy, token: str = TOKEN, **options: Any) -> Account:
    known = {"base_url": toy.base, "phone_number_id": toy.number_id, "business_id": toy.business_id}
    secrets = {"TOKEN": token, "APP_SECRET": "rahasia", "VERIFY_TOKEN": "kata"}
    options = {**known, "timeout_seconds": 1, **options}
    return Account("wa-humas", Channel.WHATSAPP, options, {key: Secret(one) for key, one in secrets.items()})


def to(citizen: Citizen | str, text: str = "Baik, kami cek.", **more: Any) -> Outgoing:
    name = citizen if isinstance(citizen, str) else citizen.id
    return Outgoing(key="kunci-1", address=Address(name, Surface.DIRECT, name), text=text, **more)


def told(toy: WhatsAppToy, office: WhatsAppConnector) -> list[Event]:
    """What the platform posted, as we read it."""
    return [event for body in toy.delivered for event in office.parse(Raw(body))]


def posts(toy: WhatsAppToy) -> list[dict[str, Any]]:
    return [said for call, said in toy.calls if call == "messages"]
