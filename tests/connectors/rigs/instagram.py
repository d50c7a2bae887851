"""Instagram on the bench."""

from omnichannel.domain.channel import Channel
from omnichannel.toys.meta import InstagramToy, MetaToy
from tests.connectors.rigs import facebook


class Rig(facebook.Rig):
    channel = Channel.INSTAGRAM
    platform: type[MetaToy] = InstagramToy
