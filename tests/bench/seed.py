"""Years of conversations in seconds: rows written with plain SQL, as the stories would have left them.

One in ten is open, one in fifty unread; each has three messages and two lines of history.
"""

import sqlite3
from pathlib import Path

from omnichannel.store.counters import NEVER, SECONDS

SECOND = 1_000_000
LAST = 1_795_000_000 * SECOND
RESOLVED = "i % 10 <> 0"
SIZES = "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "
AT = f"({LAST} - ({{count}} - i) * 60 * {SECOND})"

CONTACTS = f"""
INSERT INTO contacts (id, account, channel, external_id, name, name_key, first_at, last_at)
{SIZES}SELECT i, 'coba', 'sandbox', 'w' || i, 'Warga ' || i, 'warga ' || i, {AT}, {AT} FROM n
"""
CONVERSATIONS = f"""
INSERT INTO conversations (id, account, channel, surface, external_id, contact_id, state, last_at, created_at, last_in_at,
  preview, unread, failed, unit, kind, queue, topic, needs_person, urgent, version, lane, calm, burn, token)
{SIZES}SELECT i, 'coba', 'sandbox', 'direct', 'u' || i, i, CASE WHEN {RESOLVED} THEN 'resolved' ELSE 'open' END, {AT}, {AT},
  {AT}, 'Lampu jalan di Teluk Lingga mati sudah seminggu, tiang ' || i,
  CASE WHEN i % 50 = 0 THEN 1 ELSE 0 END, 0, 'dishub', 'complaint', 'lapor', 'pju',
  FALSE, FALSE, 1, CASE WHEN {RESOLVED} THEN 'resolved' ELSE 'active' END, 1,
  {NEVER.toordinal() << 34} + ({SECONDS} - {AT} / {SECOND}), 'tanda' || i FROM n
"""
UNITS = """
INSERT INTO conversation_units (unit, conversation_id, lane, last_at) SELECT unit, id, lane, last_at FROM conversations
"""
MESSAGES = """
INSERT INTO messages (conversation_id, account, external_id, direction, text, sent_at, arrived_at, surface, contact_id,
  "references", delivery, automatic, unknown)
SELECT id, account, 'm' || id || '-' || part, CASE part WHEN 2 THEN 'out' ELSE 'in' END,
  CASE part WHEN 2 THEN 'Terima kasih, laporan Anda kami teruskan ke Dinas Perhubungan.' ELSE preview END,
  last_at - 1000000 * (3 - part), last_at, 'direct', contact_id, '[]', CASE part WHEN 2 THEN 'sent' END, FALSE, FALSE
FROM conversations, (SELECT 1 AS part UNION SELECT 2 UNION SELECT 3) AS parts
"""
EVENTS = """
INSERT INTO events (at, actor, actor_name, thing, thing_id, verb, conversation_id)
SELECT last_at, 'machine:omnichannel', 'Sistem', 'message', id, verb, id
FROM conversations, (SELECT 'wrote' AS verb UNION SELECT 'classified') AS verbs
"""
COUNTERS = """
INSERT INTO counters (view, scope, n)
SELECT view, scope, sum(CASE WHEN view = 'perlu-dibaca' AND lane = 'active' AND unread > 0
  OR view = 'unit-saya' AND lane = 'active' OR view = 'selesai' AND lane = 'resolved'
  OR view = 'semua' AND lane <> 'resolved' THEN 1 ELSE 0 END)
FROM conversations,
  (SELECT 'perlu-dibaca' AS view UNION SELECT 'unit-saya' UNION SELECT 'selesai' UNION SELECT 'semua') AS views,
  (SELECT '' AS scope UNION SELECT 'queue=lapor' UNION SELECT 'unit=dishub' UNION SELECT 'unit=dishub;queue=lapor') AS scopes
GROUP BY view, scope
"""


def statements(count: int) -> list[str]:
    """What writes them, in SQL that both databases read, into a migrated database that is empty."""
    whole = (CONTACTS, CONVERSATIONS, UNITS, MESSAGES, EVENTS, COUNTERS)
    return [statement.format(count=count) for statement in whole]


def seed(path: Path, count: int) -> None:
    """Into a migrated, empty file that nobody has open."""
    with sqlite3.connect(path) as link:
        for statement in statements(count):
            link.execute(statement)
    link.close()
