"""The post above a public thread, once a thread."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from omnichannel.domain.posts import Post
from omnichannel.store.hot import Hot
from omnichannel.store.shelf import Shelf, b, on_both
from omnichannel.store.tables import posts

p = posts.c
GET = Hot(sa.select(p.text, p.link, p.kind, p.at).where(p.account == b("account"), p.thread == b("thread")))


def _keeping(insert: Any, table: sa.Table) -> sa.Executable:
    statement = insert(table)
    news = {name: statement.excluded[name] for name in ("text", "link", "kind", "at", "seen_at")}
    result: sa.Executable = statement.on_conflict_do_update(index_elements=["account", "thread"], set_=news)
    return result


KEEP = on_both(_keeping, posts)


class PostsShelf(Shelf):
    """Fits `domain.posts.Posts`."""

    def get(self, account: str, thread: str) -> Post | None:
        row = self.ask(GET, {"p_account": account, "p_thread": thread})
        return None if row is None else Post(row[0], row[1], row[2], row[3])

    def keep(self, account: str, thread: str, post: Post, seen_at: datetime) -> None:
        row = {"account": account, "thread": thread, "seen_at": seen_at}
        told = {"text": post.text, "link": post.link, "kind": post.kind, "at": post.at}
        self.run(KEEP[self.dialect], row | told)
