"""The floor under a conversation: aiohttp, two SELECTs, the words escaped, as many bytes as the panel has, packed.

python -m tests.bench.bare DATABASE PORT SIZE
"""

import asyncio
import sqlite3
import sys
from html import escape

from aiohttp import web

PAGE = """<!doctype html><meta charset="utf-8"><title>floor</title><ul id="rows">{rows}</ul><main id="pane"></main><script>
document.addEventListener("click", async (event) => {{
  const row = event.target.closest("[data-id]");
  if (!row) return;
  const answer = await fetch("/panel/" + row.dataset.id);
  document.querySelector("#pane").innerHTML = await answer.text();
}});
</script>"""
TALK = "SELECT id, preview, state, unit FROM conversations WHERE id = ?"
SAID = "SELECT text, direction FROM messages WHERE conversation_id = ? ORDER BY sent_at DESC, id DESC LIMIT 51"
FILLING = "<p class='line' data-key='1'><b>Warga</b> lampu jalan <i>mati</i></p>"


async def serve(database: str, port: int, size: int) -> None:
    """Until killed."""
    link = sqlite3.connect(f"file:{database}?mode=ro", uri=True)

    async def panel(request: web.Request) -> web.Response:
        number = int(request.match_info["id"])
        words = [str(one) for one in link.execute(TALK, (number,)).fetchone()]
        words += [str(text) for text, _ in link.execute(SAID, (number,))]
        body = "".join(f"<p>{escape(word)}</p>" for word in words)
        body += FILLING * ((size - len(body)) // len(FILLING))
        answer = web.Response(text=body, content_type="text/html")
        answer.enable_compression(web.ContentCoding.gzip)
        return answer

    async def page(request: web.Request) -> web.Response:
        rows = "".join(f'<li class="row" data-id="{number}">Warga {number}</li>' for number in range(1, 51))
        return web.Response(text=PAGE.format(rows=rows), content_type="text/html")

    application = web.Application()
    application.router.add_get("/panel/{id}", panel)
    application.router.add_get("/", page)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
