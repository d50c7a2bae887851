"""Which earlier message one answers, where the platform names it and sends no words of it along."""

from collections.abc import Sequence
from dataclasses import dataclass

from omnichannel.domain.outbox import preview
from omnichannel.domain.work import Direction, Message, Work

SHOWN = 160  # letters
KINDS = {"image": "Foto", "video": "Video", "audio": "Pesan suara"}


@dataclass(frozen=True, slots=True)
class Answered:
    """A message that another answers, as a line above it. `word` stands for what has no text; `ours`: we said it."""

    id: int
    conversation: int
    text: str
    word: str
    ours: bool


def find(work: Work, messages: Sequence[Message]) -> dict[int, Answered]:
    """By the message that answers. Whoever answers what stands right above them needs no line."""
    # Whoever reads this thread may not read every other one.
    threads = {one.conversation_id for one in messages}
    here = {(one.account, one.external_id): one for one in messages}
    found: dict[int, Answered] = {}
    above: Message | None = None
    for one in messages:
        # A mail names the mails it answers by ids of their own, and carries their words.
        if one.reply_to and not one.quoted and "@" not in one.reply_to and one.direction is not Direction.NOTE:
            said = here.get((one.account, one.reply_to)) or work.messages.by_external(one.account, one.reply_to)
            if said is None or said.conversation_id not in threads:
                said = None
            if said is not None and said.direction is not Direction.NOTE and (above is None or said.id != above.id):
                found[one.id] = _line(said)
        above = one
    return found


def _line(said: Message) -> Answered:
    word = "Lokasi" if said.location else next((_kind(file.media_type) for file in said.files), "Pesan tanpa teks")
    text = preview(said.text)[:SHOWN]
    return Answered(said.id, said.conversation_id, text, "" if text else word, said.direction is Direction.OUT)


def _kind(media_type: str) -> str:
    return KINDS.get(media_type.partition("/")[0], "Berkas")
