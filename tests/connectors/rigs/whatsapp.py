"""WhatsApp on the bench."""

from typing import Any

from omnichannel.domain.channel import Channel
from omnichannel.toys.whatsapp import WhatsAppToy
from tests.connectors.meta_rig import AT, SECRETS, MetaRig, thirds
from tests.connectors.rig import Batches, Item


class Rig(MetaRig[WhatsAppToy]):
    def __init__(self) -> None:
        self.toy = WhatsAppToy(
            token=SECRETS["TOKEN"], app_secret=SECRETS["APP_SECRET"], verify_token=SECRETS["VERIFY_TOKEN"]
        )

    def named(self) -> tuple[str, Channel, dict[str, Any]]:
        ids = {"phone_number_id": self.toy.number_id, "business_id": self.toy.business_id}
        return "wa-humas", Channel.WHATSAPP, ids


def said(number: int) -> Item:
    text = {"body": f"pesan {number}"}
    return {"from": "6281200000001", "id": f"wamid.{number}", "timestamp": str(AT), "type": "text", "text": text}


BATCHES: Batches = {"whatsapp": (said, lambda items: {"entry": thirds(items, "messages", "messages")})}
