"""A desk of a million messages, kept between runs in .cache or wherever `--kept` says: what `seed` writes, and what lies
beside it in an office.

Each conversation was read by the machine, so that similar cases are looked for among all of them; the open ones have a
case with its clocks, and forty people work here.
"""

import hashlib
import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from omnichannel.domain.case import Kind
from omnichannel.settings.load import load_legal_clocks
from omnichannel.settings.source import Source
from tests.bench import seed
from tests.bench.stand import Stand
from tests.drills.service import Service

CONVERSATIONS = 334_000
CACHE = Path(".cache/bench-desk")
READY = "ready"
# The citizen's first message; the second is our answer.
FIRST = "(SELECT id FROM messages WHERE account = 'coba' AND external_id = 'm' || conversations.id || '-1')"
READINGS = f"""
INSERT INTO readings (message_id, conversation_id, contact_id, at, kind, p, topic, kecamatan, desa, gist)
SELECT {FIRST}, id, contact_id, last_at, 'complaint', 0.9, 'pju', 'Sangatta Utara', NULL,
  'lampu mati teluk lingga seminggu tiang ' || id || ' blok ' || (id % 97) || ' gelap gang ' || (id % 31)
FROM conversations
"""
CASES = f"""
INSERT INTO cases (conversation_id, message_id, contact_id, kind, queue, number, year, sequence, state, topic, received_at,
  created_at, due, provisional, calendar_version, clocks, certain, confidence, reasons, title, unit, anonymous, secret, version)
SELECT id, {FIRST}, contact_id, 'complaint', 'lapor', 'LAP-2026-' || id, 2026, id, 'open', 'pju', last_at, last_at, :due, FALSE,
  :calendar, :clocks, TRUE, 0.9, :reasons,
  'Lampu jalan mati, tiang ' || id, 'dishub', FALSE, FALSE, 1
FROM conversations WHERE lane <> 'resolved'
"""
OF_CASES = (
    "UPDATE conversations SET case_id = (SELECT id FROM cases WHERE conversation_id = conversations.id), due = :due"
    " WHERE lane <> 'resolved'"
)
STAFF = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
INSERT INTO staff (login, name, role, unit, password_hash, created_at)
SELECT 'rekan' || i, 'Rekan ' || i, 'agent', NULL, '!', 0 FROM n
"""


async def a_million(stand: Stand, kept: Path | None = None) -> Service:
    """The service over that desk, not yet started; made once a way of seeding, brought up to today's schema each time."""
    folder = _place((kept or CACHE).resolve())
    service = stand.service(folder, roles="web")
    if not (folder / READY).exists():
        print("\nmaking a desk of a million messages: once, a minute or two", flush=True)
        await service.hire()
        path = folder / "data" / "omnichannel.db"
        seed.seed(path, CONVERSATIONS)
        _furnish(path)
        (folder / READY).touch()
    code, _, said = await service.run("migrate")
    assert code == 0, said
    return service


def _place(kept: Path) -> Path:
    """Named after all that it is made of; what is older or half made goes."""
    made = "".join([*seed.statements(CONVERSATIONS), READINGS, CASES, OF_CASES, STAFF])
    folder = kept / f"desk-{hashlib.sha256(made.encode()).hexdigest()[:12]}"
    if not (folder / READY).exists():
        for stale in kept.glob("desk-*"):
            shutil.rmtree(stale)
        folder.mkdir(parents=True)
    return folder


def _furnish(path: Path) -> None:
    received = datetime.fromtimestamp(seed.LAST // seed.SECOND, UTC)
    clocks = load_legal_clocks(Source.find(None, {})).for_case(Kind.COMPLAINT, received)
    facts = {"due": clocks.due.isoformat(), "calendar": clocks.calendar_version, "clocks": json.dumps(clocks.as_json())}
    facts["reasons"] = json.dumps([{"cue": "lampu jalan", "weight": 2.1, "for": "complaint", "at": [0, 11]}])
    with sqlite3.connect(path) as link:
        for statement in (READINGS, CASES, OF_CASES, STAFF):
            link.execute(statement, facts)
    link.close()
