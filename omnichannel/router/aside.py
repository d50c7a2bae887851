"""What is nobody's matter is set aside, never deleted: advertising, abuse without a matter, our own posts come back to us.

Careful on purpose: whoever complains of an online casino speaks its words too. Only small talk that speaks of no topic, place or
danger of ours is set aside, and a citizen's next word brings the thread back.
"""

import re
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from omnichannel.domain.case import Kind
from omnichannel.domain.conversation import Conversation, ConversationState
from omnichannel.domain.verdict import NO_TOPIC, Verdict
from omnichannel.domain.work import MACHINE, Actor, Message, Work

SURE = 0.5  # of being small talk
FEWEST_SIGNS = 2  # of advertising; one is in many a citizen's message
LONGEST_ABUSE = 15  # words; whoever writes more has something to say
INVITES = re.compile(
    r"https?://|\bwww\.|\bbit\.ly|\bt\.me/|\bwa\.me/|\blink (?:di )?bio\b|\bcek bio\b|\bklik\b|\bminat\b.{0,20}\b(?:wa|chat|inbox|dm|japri)\b"
)
ADVERTS = (
    re.compile(r"\bslot\b|\bgacor\b|\btogel\b|\bmaxwin\b|\bscatter\b|\bjackpot\b|\brtp\b|\bcasino\b|\bjudi online\b"),
    re.compile(
        r"\bbonus\b|\bnew member\b|\bdeposit\b|\bwithdraw\b|\bpromo\b|\bdiskon\b|\bcashback\b|\bgratis ongkir\b"
    ),
    re.compile(
        r"\bpinjaman\b.{0,30}\b(?:cair|cepat|tanpa jaminan|online)\b|\bdana (?:tunai|cepat)\b|\btanpa bi checking\b"
    ),
    re.compile(
        r"\bjasa (?:followers?|like|view|pasang iklan)\b|\bjual (?:followers?|akun)\b|\bfollowers? (?:aktif|murah)\b"
    ),
    re.compile(
        r"\bprofit harian\b|\binvestasi\b.{0,30}\b(?:untung|profit)\b|\bcrypto\b|\btrading\b|\bpassive income\b"
    ),
    re.compile(
        r"\bready stock?\b|\bopen (?:order|po)\b|\bharga (?:promo|miring|grosir)\b|\bcod\b|\bdijual\b|\bopen bo\b"
    ),
)
# Whoever asks, begs or was cheated has a matter, in whatever words.
CALLS = re.compile(
    r"\b(?:tolong|mohon|minta|ditipu|tertipu|penipu\w*|korban|tindak\w*|tutup|blokir|lapor\w*|melapor\w*|meresahkan|usut)\b"
    r"|\b(?:bagaimana|gimana|kenapa|mengapa|kapan|apakah|dimana)\b"
)
ABUSE = re.compile(
    r"\b(?:anjing|anjg|anjir|bangsat|bgst|goblok|gblk|tolol|kontol|kntl|memek|ngentot|ngentod|bajingan|jancok|asu|babi|tai)\b"
)


class Aside(StrEnum):
    """Why a thread lies aside."""

    SPAM = "spam"
    ABUSE = "abuse"
    OWN = "own"


IN_WORDS = {
    Aside.SPAM: "iklan atau spam",
    Aside.ABUSE: "makian",
    Aside.OWN: "unggahan sendiri",
}  # as the history says it


def reason(text: str, verdict: Verdict) -> Aside | None:
    """Why this message is nobody's matter; None where it may be somebody's."""
    if verdict.urgent or verdict.perhaps_urgent or verdict.place is not None or verdict.second_kind is not None:
        return None
    if verdict.kind is not Kind.OTHER or verdict.p[Kind.OTHER] < SURE:
        return None
    words = " ".join(text.lower().split())
    if CALLS.search(words):
        return None
    signs = sum(bool(one.search(words)) for one in ADVERTS) + bool(INVITES.search(words))
    if signs >= FEWEST_SIGNS:
        return Aside.SPAM
    if verdict.topic == NO_TOPIC and ABUSE.search(words) and len(words.split()) <= LONGEST_ABUSE:
        return Aside.ABUSE
    return None


def ours(work: Work, conversation: Conversation, message: Message) -> bool:
    """Whether our own account wrote it: a share of our post comes back as if somebody had written to us."""
    contact = work.contacts.get(message.contact_id or conversation.contact_id)
    state = work.accounts.get(conversation.account)
    name = (contact.handle or "").lower() if contact is not None else ""
    return bool(name) and state is not None and f"@{name}" in (state.whoami or "").lower().split()


def consider(work: Work, conversation: Conversation, message: Message, verdict: Verdict, now: datetime) -> None:
    """After a message that made no case: aside with it, unless the thread is in somebody's hands."""
    if conversation.case_id is not None or conversation.assignee_id is not None or verdict.urgent:
        return
    why = Aside.OWN if ours(work, conversation, message) else reason(message.text, verdict)
    if why is not None:
        put_aside(work, conversation, why, MACHINE, now)


def returned(work: Work, conversation: Conversation, message: Message, verdict: Verdict, now: datetime) -> Conversation:
    """A thread that lay aside comes back with the first word that is somebody's matter."""
    if conversation.aside is None or ours(work, conversation, message) or reason(message.text, verdict) is not None:
        return conversation
    return bring_back(work, conversation, MACHINE, now)


def put_aside(work: Work, conversation: Conversation, why: Aside, who: Actor, now: datetime) -> Conversation:
    """Out of every list but its own; doing it twice is doing it once."""
    if conversation.aside == why and conversation.state is ConversationState.RESOLVED:
        return conversation
    after = replace(
        conversation,
        state=ConversationState.RESOLVED,
        aside=why.value,
        unread=0,
        needs_person=False,
        snoozed_until=None,
    )
    where = conversation.id
    work.note(who, "set_aside", "conversation", where, at=now, conversation_id=where, after=IN_WORDS[why])
    return work.conversations.save(conversation, after)


def bring_back(work: Work, conversation: Conversation, who: Actor, now: datetime) -> Conversation:
    """It is somebody's matter after all."""
    if conversation.aside is None:
        return conversation
    where = conversation.id
    work.note(who, "brought_back", "conversation", where, at=now, conversation_id=where, before=conversation.aside)
    back = replace(conversation, aside=None, state=ConversationState.OPEN, unread=max(1, conversation.unread))
    return work.conversations.save(conversation, back)
