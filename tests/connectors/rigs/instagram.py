"""Instagram on the bench."""

from omnichannel.domain.channel import Channel
from omnichannel.toys.meta import InstagramToy, MetaToy
from tests.connectors.meta_rig import THEIRS, direct, thirds
from tests.connectors.rig import Batches, Item
from tests.connectors.rigs import facebook


class Rig(facebook.Rig):
    channel = Channel.INSTAGRAM
    platform: type[MetaToy] = InstagramToy


def remark(number: int) -> Item:
    said = {"id": f"c{number}", "text": "ya", "from": {"id": THEIRS}, "media": {"id": "9"}}
    return {"field": "comments", "value": said}


BATCHES: Batches = {
    "instagram": (direct, lambda items: {"entry": thirds(items, "messaging")}),
    "instagram comments": (remark, lambda items: {"entry": thirds(items, "changes")}),
}
