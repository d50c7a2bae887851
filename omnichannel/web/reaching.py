"""What the channel lets the officer do here: templates, private answers, comments to hide; as the templates draw it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from omnichannel.domain import carrying, privacy, reach
from omnichannel.domain.case import Case
from omnichannel.domain.channel import Capabilities, Surface
from omnichannel.domain.conversation import Allowance, Conversation
from omnichannel.domain.message import Template
from omnichannel.domain.outreach import Carried, KeptTemplate, PrivateAnswer, Sight, Veil
from omnichannel.domain.posts import Post
from omnichannel.domain.template import PLACE, places, why_not
from omnichannel.domain.work import Direction, Message, Work
from omnichannel.web import answering
from omnichannel.web.answering import Answered

STATES = {
    "approved": "disetujui",
    "pending": "menunggu",
    "rejected": "ditolak",
    "paused": "dijeda",
    "disabled": "tidak berlaku",
}
PERSONAL = {
    privacy.Personal.NIK: "NIK",
    privacy.Personal.KK: "nomor KK",
    privacy.Personal.PHONE: "nomor telepon",
    privacy.Personal.EMAIL: "alamat surel",
    privacy.Personal.PLATE: "nomor polisi",
    privacy.Personal.ACCOUNT: "nomor rekening",
}
PREVIEW = 90


@dataclass(frozen=True, slots=True)
class Beside:
    """The rows behind it."""

    templates: Sequence[KeptTemplate]
    veils: dict[int, Veil]
    answers: dict[int, PrivateAnswer]
    origins: Sequence[PrivateAnswer]
    cases: Sequence[Case]
    authors: dict[int, str]
    carried: dict[int, Carried]
    solvable: frozenset[int] = frozenset()
    into: Sequence[Carried] = ()
    post: Post | None = None
    answered: Mapping[int, Answered] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A template on the list. `why` is set where it cannot be sent."""

    template: Template
    places: tuple[str, ...]
    state: str
    why: str | None
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """What may be done with one public comment, and what has been."""

    hide: Allowance
    show: Allowance
    private: Allowance
    sight: Sight
    waits: bool
    error: str | None
    personal: tuple[str, ...]
    answer: PrivateAnswer | None
    carried: Carried | None
    solvable: bool

    @property
    def movable(self) -> bool:
        """Whether to offer the whole move at once; the page behind it says what of it can be done."""
        return self.carried is None and (self.hide.allowed or self.private.allowed)


@dataclass(frozen=True, slots=True)
class Aside:
    """The comment to which the composer's private answer goes, or why there is none."""

    comment: Message | None
    name: str
    quote: str
    reason: str | None
    limit: int
    counts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """All of it for one conversation."""

    template: bool
    choices: Sequence[Choice]
    seen_at: datetime | None
    comments: dict[int, CommentView]
    aside: Aside | None
    origins: Sequence[int]
    solvable: Sequence[int]
    counts: str
    several: bool
    post: Post | None = None
    answered: Mapping[int, Answered] = field(default_factory=dict)


def find(work: Work, conversation: Conversation, messages: Sequence[Message]) -> Beside:
    """The rows of one conversation, in the page's own transaction."""
    public = conversation.surface is Surface.PUBLIC
    origins = [] if public else work.outreach.answers_in(conversation.id)
    theirs = [
        case for one in dict.fromkeys(one.public_id for one in origins) for case in work.cases.of_conversation(one)
    ]
    carried = {one.comment_id: one for one in work.outreach.carried_from(conversation.id)} if public else {}
    into = [] if public else work.outreach.carried_into(conversation.id)
    people = {one.contact_id for one in messages if public and one.contact_id is not None}
    found = {id: work.contacts.get(id) for id in people}
    return Beside(
        templates=[] if public else work.outreach.templates(conversation.account),
        veils={one.message_id: one for one in work.outreach.veils_in(conversation.id)} if public else {},
        answers={one.comment_id: one for one in work.outreach.answers_from(conversation.id)} if public else {},
        origins=origins,
        cases=[case for case in theirs if case.contact_id == conversation.contact_id],
        authors={id: contact.label for id, contact in found.items() if contact is not None},
        carried=carried,
        solvable=_solvable(work, [*carried.values(), *into]),
        into=into,
        post=work.posts.get(conversation.account, conversation.external_id) if public else None,
        answered=answering.find(work, messages),
    )


def _solvable(work: Work, carried: Sequence[Carried]) -> frozenset[int]:
    """Those of which everybody may be told that they are solved: their case has ended, and nobody has said so yet."""
    found = set[int]()
    for one in carried:
        comment = work.messages.get(one.comment_id) if one.solved_at is None else None
        case = carrying.case_of(work, comment) if comment is not None else None
        if comment is not None and (case is None or not (case.state.running or case.secret)):
            found.add(one.comment_id)
    return frozenset(found)


def lay_out(
    beside: Beside,
    conversation: Conversation,
    messages: Sequence[Message],
    can: Capabilities | None,
    now: datetime,
    chosen: int | None,
) -> Reach:
    """Rows become what is drawn. `chosen` is the comment that the officer wants to answer in private."""
    comments = {
        one.id: _comment(one, beside, can, now)
        for one in messages
        if one.direction is Direction.IN and one.surface is Surface.PUBLIC
    }
    return Reach(
        template=reach.template(can, conversation, now),
        choices=sorted((_choice(one.template) for one in beside.templates), key=lambda one: one.why is not None),
        seen_at=max((one.seen_at for one in beside.templates), default=None),
        comments=comments,
        aside=_aside(beside, conversation, messages, comments, can, chosen),
        origins=list(
            dict.fromkeys([*(one.public_id for one in beside.origins), *(one.conversation_id for one in beside.into)])
        ),
        solvable=[one.comment_id for one in beside.into if one.comment_id in beside.solvable],
        counts=can.counts.value if can else "letters",
        several=bool(can and can.several),
        post=beside.post,
        answered=beside.answered,
    )


def _choice(template: Template) -> Choice:
    """`pieces` is the text in turns: words, and the name of the place behind them."""
    pieces, last = [], 0
    for match in PLACE.finditer(template.text):
        pieces.append((template.text[last : match.start()], match[1]))
        last = match.end()
    pieces.append((template.text[last:], ""))
    state = STATES.get(template.state, template.state or "belum diketahui")
    return Choice(template, places(template.text), state, why_not(template), tuple(pieces))


def _comment(comment: Message, beside: Beside, can: Capabilities | None, now: datetime) -> CommentView:
    veil, answer = beside.veils.get(comment.id), beside.answers.get(comment.id)
    found = dict.fromkeys(PERSONAL[one.kind] for one in privacy.find(comment.text))
    sight = veil.sight if veil else Sight.SHOWN
    return CommentView(
        hide=reach.hiding(can, comment, veil),
        show=reach.showing(can, comment, veil),
        private=reach.private_answer(can, comment, answer, now),
        sight=sight,
        waits=sight in (Sight.HIDING, Sight.SHOWING),
        error=veil.error if veil else None,
        personal=tuple(found),
        answer=answer,
        carried=beside.carried.get(comment.id),
        solvable=comment.id in beside.solvable,
    )


def _aside(
    beside: Beside,
    conversation: Conversation,
    messages: Sequence[Message],
    comments: dict[int, CommentView],
    can: Capabilities | None,
    chosen: int | None,
) -> Aside | None:
    """The chosen comment, else the latest that may be answered in private; where none may, the latest one's reason."""
    if conversation.surface is not Surface.PUBLIC or can is None or can.private is None or not comments:
        return None
    mine = [one for one in messages if one.id in comments]
    wanted = next((one for one in mine if one.id == chosen), None)
    open_ = [one for one in mine if comments[one.id].private.allowed]
    comment = wanted or (open_[-1] if open_ else mine[-1])
    allowed = comments[comment.id].private
    quote = " ".join(privacy.mask(comment.text).split())
    return Aside(
        comment=comment if allowed.allowed else None,
        name=beside.authors.get(comment.contact_id or 0, ""),
        quote=quote if len(quote) <= PREVIEW else quote[: PREVIEW - 1] + "…",
        reason=allowed.reason,
        limit=can.private.text_limit,
        counts=can.private.counts.value,
    )
