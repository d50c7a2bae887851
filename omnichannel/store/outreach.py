"""Templates, private answers to public comments, and comments that were hidden."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.message import Template, TemplateUse
from omnichannel.domain.outreach import Carried, KeptTemplate, PrivateAnswer, Sight, Veil
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Row, Shelf, b, insert_or_skip, on_both
from omnichannel.store.tables import carried, conversations, messages, private_answers, template_uses, templates, veils

t, u, p, v, o = templates.c, template_uses.c, private_answers.c, veils.c, carried.c
LIST = sa.select(t.account, t.name, t.language, t.state, t.category, t.text, t.plain, t.why, t.seen_at)
OF_ACCOUNT = Hot(LIST.where(t.account == b("account")).order_by(t.name, t.language))
FORGET = sa.delete(templates).where(t.account == b("account"))
USE = sa.insert(template_uses)
USED = sa.select(u.name, u.language, u["values"]).where(u.message_id == b("message"))
ANSWER = insert_or_skip(private_answers, p.comment_id)
ANSWERS = sa.select(p.comment_id, p.message_id, p.conversation_id, p.public_id).order_by(p.message_id)
BY_MESSAGE = ANSWERS.where(p.message_id == b("id"))
BY_COMMENT = ANSWERS.where(p.comment_id == b("id"))
BY_PUBLIC = ANSWERS.where(p.public_id == b("id"))
BY_PRIVATE = Hot(ANSWERS.where(p.conversation_id == b("id")))
MOVE = sa.update(messages).where(messages.c.id == b("message")).values(conversation_id=b("to"))
MOVED = sa.update(private_answers).where(p.message_id == b("message")).values(conversation_id=b("to"))
RENAME = sa.update(conversations).where(conversations.c.id == b("id")).values(external_id=b("name"))
VEIL = sa.select(v.message_id, v.sight, v.at, v.staff_id, v.error)
VEIL_OF = VEIL.where(v.message_id == b("message"))
CARRIED = sa.select(
    o.comment_id, o.conversation_id, o.at, o.staff_id, o.private_id, o.said_id, o.solved_at, o.solved_id
).order_by(o.comment_id)
CARRIED_ONE = CARRIED.where(o.comment_id == b("id"))
CARRIED_FROM = CARRIED.where(o.conversation_id == b("id"))
CARRIED_INTO = Hot(CARRIED.where(o.private_id == b("id")))
VEILS_IN = VEIL.where(v.message_id == messages.c.id, messages.c.conversation_id == b("conversation"))


def _upsert(table: sa.Table, *keys: str) -> dict[str, sa.Executable]:
    def build(insert: Any, into: sa.Table) -> sa.Executable:
        statement = insert(into)
        changing = {one.name: statement.excluded[one.name] for one in into.c if one.name not in keys}
        done: sa.Executable = statement.on_conflict_do_update(index_elements=list(keys), set_=changing)
        return done

    return on_both(build, table)


KEEP = _upsert(templates, "account", "name", "language")
CARRY = _upsert(carried, "comment_id")
LAY = _upsert(veils, "message_id")


class OutreachShelf(Shelf):
    """Fits `domain.outreach.Outreach`."""

    def keep_templates(self, account: str, templates: Sequence[Template], at: datetime) -> None:
        self.run(FORGET, {"p_account": account})
        for one in templates:
            self.keep_template(account, one, at)

    def keep_template(self, account: str, template: Template, at: datetime) -> None:
        row = {"account": account, "name": template.name, "language": template.language, "state": template.state[:40]}
        row |= {"category": template.category[:40], "text": template.text, "why": template.why}
        self.run(KEEP[self.dialect], row | {"plain": template.plain, "seen_at": at})

    def templates(self, account: str) -> list[KeptTemplate]:
        return [_kept(row) for row in self.hand.ask(OF_ACCOUNT, {"p_account": account})]

    def use_template(self, message_id: int, use: TemplateUse) -> None:
        row = {"message_id": message_id, "name": use.name, "language": use.language, "values": dict(use.values)}
        self.run(USE, row)

    def template_of(self, message_id: int) -> TemplateUse | None:
        row = self.run(USED, {"p_message": message_id}).first()
        return None if row is None else TemplateUse(row[0], row[1], row[2])

    def answer_privately(self, answer: PrivateAnswer) -> bool:
        row = {"comment_id": answer.comment_id, "message_id": answer.message_id}
        row |= {"conversation_id": answer.conversation_id, "public_id": answer.public_id}
        return self.run(ANSWER[self.dialect], row).first() is not None

    def private_answer(self, message_id: int) -> PrivateAnswer | None:
        return next(iter(self._answers(BY_MESSAGE, message_id)), None)

    def answer_to(self, comment_id: int) -> PrivateAnswer | None:
        return next(iter(self._answers(BY_COMMENT, comment_id)), None)

    def answers_from(self, public_id: int) -> list[PrivateAnswer]:
        return self._answers(BY_PUBLIC, public_id)

    def answers_in(self, conversation_id: int) -> list[PrivateAnswer]:
        return [PrivateAnswer(*row) for row in self.hand.ask(BY_PRIVATE, {"p_id": conversation_id})]

    def move_answer(self, message_id: int, conversation_id: int) -> None:
        for statement in (MOVE, MOVED):
            self.run(statement, {"p_message": message_id, "p_to": conversation_id})

    def rename_thread(self, conversation_id: int, external_id: str) -> None:
        self.run(RENAME, {"p_id": conversation_id, "p_name": external_id})

    def veil(self, veil: Veil) -> None:
        row = {"message_id": veil.message_id, "sight": veil.sight.value, "at": veil.at}
        self.run(LAY[self.dialect], row | {"staff_id": veil.staff_id, "error": veil.error})

    def veil_of(self, message_id: int) -> Veil | None:
        row = self.run(VEIL_OF, {"p_message": message_id}).first()
        return None if row is None else _veil(row)

    def veils_in(self, conversation_id: int) -> list[Veil]:
        return [_veil(row) for row in self.run(VEILS_IN, {"p_conversation": conversation_id})]

    def carry(self, carried: Carried) -> None:
        self.run(CARRY[self.dialect], asdict(carried))

    def carried(self, comment_id: int) -> Carried | None:
        row = self.run(CARRIED_ONE, {"p_id": comment_id}).first()
        return None if row is None else Carried(*row)

    def carried_from(self, conversation_id: int) -> list[Carried]:
        return [Carried(*row) for row in self.run(CARRIED_FROM, {"p_id": conversation_id})]

    def carried_into(self, conversation_id: int) -> list[Carried]:
        return [Carried(*row) for row in self.hand.ask(CARRIED_INTO, {"p_id": conversation_id})]

    def _answers(self, statement: sa.Select[Any], id: int) -> list[PrivateAnswer]:
        return [PrivateAnswer(*row) for row in self.run(statement, {"p_id": id})]


def _kept(row: Sequence[Any]) -> KeptTemplate:
    account, name, language, state, category, text, plain, why, seen_at = row
    return KeptTemplate(account, Template(name, language, state, category, text, plain, why), seen_at)


def _veil(row: Row) -> Veil:
    message_id, sight, at, staff_id, error = row
    return Veil(message_id, Sight(sight), at, staff_id, error)
