"""Rows become what leaves the house: identities are masked unless the token was made to be given them whole (UU 27/2022)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from omnichannel.domain.case import Case
from omnichannel.domain.conversation import Conversation
from omnichannel.domain.label import Label, borne
from omnichannel.domain.people import Contact
from omnichannel.domain.privacy import mask
from omnichannel.domain.records import Happening, Message
from omnichannel.domain.screens import WorkRow
from omnichannel.domain.tokens import Token
from omnichannel.web.api import shapes


class Veil:
    """Looks at every text that a citizen or an officer wrote."""

    def __init__(self, token: Token) -> None:
        self._whole = token.unmasked

    def text(self, words: str) -> str:
        """As it may leave."""
        return words if self._whole else mask(words)

    def maybe(self, words: str | None) -> str | None:
        return None if words is None else self.text(words)

    def labels(self, ids: Sequence[int], known: Sequence[Label]) -> list[shapes.Label]:
        """Those of the office's labels, by name."""
        return [shapes.Label(id=one.id, name=self.text(one.name), tone=one.tone.value) for one in borne(ids, known)]

    def line(self, row: WorkRow, known: Sequence[Label]) -> shapes.ConversationLine:
        return shapes.ConversationLine(
            **_same(row, shapes.ConversationLine, but=("contact", "preview", "assignee", "labels")),
            labels=self.labels(row.labels, known),
            contact=self.text(row.contact_label),
            preview=self.text(row.preview),
            assignee=row.assignee_name,
        )

    def conversation(
        self, found: Conversation, numbers: Sequence[str], reply: shapes.MayReply, known: Sequence[Label]
    ) -> shapes.Conversation:
        return shapes.Conversation(
            **_same(found, shapes.Conversation, but=("subject", "due", "cases", "reply", "labels")),
            labels=self.labels(found.labels, known),
            subject=self.maybe(found.subject),
            cases=numbers,
            reply=reply,
        )

    def message(self, found: Message) -> shapes.Message:
        veiled = ("text", "subject", "quoted", "location", "reactions", "files")
        return shapes.Message(
            **_same(found, shapes.Message, but=veiled),
            text=self.text(found.text),
            subject=self.maybe(found.subject),
            quoted=self.maybe(found.quoted),
            location=shapes.Place(lat=found.location.lat, lon=found.location.lon) if found.location else None,
            reactions=[emoji for _, emoji in found.reactions],
            files=[
                shapes.File(**_same(one, shapes.File, but=("name",)), name=self.maybe(one.name)) for one in found.files
            ],
        )

    def case(self, found: Case, today: date) -> shapes.Case:
        return shapes.Case(**self._case(found, shapes.Case, today))

    def case_whole(self, found: Case, today: date) -> shapes.CaseWhole:
        return shapes.CaseWhole(**self._case(found, shapes.CaseWhole, today))

    def contact(self, found: Contact) -> shapes.Contact:
        veiled = ("label", "name", "phone", "address")
        return shapes.Contact(
            **_same(found, shapes.Contact, but=veiled),
            label=self.text(found.label),
            name=self.maybe(found.name),
            phone=self.maybe(found.phone),
            address=self.maybe(found.address),
        )

    def happened(self, found: Happening) -> shapes.Happened:
        return shapes.Happened(
            **_same(found, shapes.Happened, but=("before", "after", "why")),
            before=self.maybe(found.before),
            after=self.maybe(found.after),
            why=self.maybe(found.why),
        )

    def _case(self, found: Case, shape: type[shapes.Case], today: date) -> dict[str, Any]:
        return {
            **_same(found, shape, but=("title", "void_reason", "overdue")),
            "title": self.text(found.title),
            "void_reason": self.maybe(found.void_reason),
            "overdue": found.overdue(today),
        }


def _same(row: object, shape: type[shapes.Shape], but: Sequence[str]) -> dict[str, Any]:
    """The fields that a shape and a row share."""
    return {name: getattr(row, name) for name in shape.model_fields if name not in but}
