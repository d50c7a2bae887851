"""Facebook on the bench."""

from typing import Any

from omnichannel.domain.channel import Channel
from omnichannel.toys.meta import FacebookToy, MetaToy
from tests.connectors.meta_rig import AT, OURS, SECRETS, THEIRS, MetaRig, direct, thirds
from tests.connectors.rig import Batches, Item


class Rig(MetaRig[MetaToy]):
    channel = Channel.FACEBOOK
    platform: type[MetaToy] = FacebookToy

    def __init__(self) -> None:
        self.toy = self.platform(
            token=SECRETS["TOKEN"], app_secret=SECRETS["APP_SECRET"], verify_token=SECRETS["VERIFY_TOKEN"]
        )

    def named(self) -> tuple[str, Channel, dict[str, Any]]:
        return f"{self.channel.value}-humas", self.channel, {"page_id": self.toy.page_id}


def comment(number: int) -> Item:
    value = {"item": "comment", "verb": "add", "comment_id": f"9_{number}", "post_id": f"{OURS}_9", "message": "ya"}
    return {"field": "feed", "value": {**value, "from": {"id": THEIRS}, "created_time": AT}}


BATCHES: Batches = {
    "facebook": (direct, lambda items: {"object": "page", "entry": thirds(items, "messaging")}),
    "facebook feed": (comment, lambda items: {"object": "page", "entry": thirds(items, "changes")}),
}
