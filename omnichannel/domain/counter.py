"""Who came, called or wrote a letter: citizens whom no platform brings to us, and what each way of theirs is called."""

from collections.abc import Mapping

from omnichannel.domain.case import Kind
from omnichannel.domain.channel import Channel

# The way is also the name of the account: it is ours, so nobody configures it.
WAYS: Mapping[str, Channel] = {
    "tatap-muka": Channel.VISIT,
    "telepon": Channel.PHONE,
    "surat": Channel.LETTER,
}
KINDS: Mapping[str, Kind] = {
    "pengaduan": Kind.COMPLAINT,
    "permohonan": Kind.INFORMATION_REQUEST,
    "aspirasi": Kind.ASPIRATION,
}
