"""Facebook on the bench."""

from typing import Any

from omnichannel.domain.channel import Channel
from omnichannel.toys.meta import FacebookToy, MetaToy
from tests.connectors.meta_rig import SECRETS, MetaRig


class Rig(MetaRig[MetaToy]):
    channel = Channel.FACEBOOK
    platform: type[MetaToy] = FacebookToy

    def __init__(self) -> None:
        self.toy = self.platform(
            token=SECRETS["TOKEN"], app_secret=SECRETS["APP_SECRET"], verify_token=SECRETS["VERIFY_TOKEN"]
        )

    def named(self) -> tuple[str, Channel, dict[str, Any]]:
        return f"{self.channel.value}-humas", self.channel, {"page_id": self.toy.page_id}
