"""How near two messages are in their words: the cosine of their plain words, rare ones counting more. Pure.

Plain words, because citizens of one flood write "banjir", "bnjr" and "kebanjiran"; the reader has made most of them alike.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from math import log, sqrt

SHORTEST = 3  # letters; "di", "ya" and "rt" say nothing
# Words that stand in every second message whatever it is about.
EMPTY = frozenset(
    [
        "yang",
        "dan",
        "atau",
        "tidak",
        "sudah",
        "belum",
        "ada",
        "ini",
        "itu",
        "untuk",
        "dengan",
        "dari",
        "dalam",
        "pada",
        "kami",
        "kita",
        "saya",
        "anda",
        "mereka",
        "bapak",
        "ibu",
        "pak",
        "min",
        "admin",
        "mohon",
        "tolong",
        "agar",
        "supaya",
        "bisa",
        "dapat",
        "akan",
        "juga",
        "masih",
        "lagi",
        "saja",
        "tapi",
        "tetapi",
        "karena",
        "kalau",
        "jika",
        "bagaimana",
        "kenapa",
        "kapan",
        "mana",
        "apa",
        "siapa",
        "selamat",
        "pagi",
        "siang",
        "sore",
        "malam",
        "terima",
        "kasih",
        "assalamualaikum",
        "wassalam",
        "halo",
        "permisi",
        "sangat",
        "sekali",
        "segera",
        "harap",
        "dong",
        "sih",
        "kok",
        "nya",
        "lah",
        "kan",
        "pun",
        "oleh",
        "ke",
        "seperti",
        "jadi",
        "sampai",
        "hari",
        "warga",
        "daerah",
        "tempat",
        "desa",
        "kecamatan",
        "jalan",
    ]
)


@lru_cache(maxsize=8192)
def terms(gist: str) -> frozenset[str]:
    """The words that tell what it is about."""
    return frozenset([word for word in set(gist.split()) - EMPTY if len(word) >= SHORTEST])


def rarity(many: Iterable[frozenset[str]]) -> Mapping[str, float]:
    """How much each word counts among these messages."""
    lots = list(many)
    seen = Counter(chain.from_iterable(lots))
    return {word: log(1 + len(lots) / times) for word, times in seen.items()}


def nearest(gist: str, others: Sequence[str]) -> list[float]:
    """How near each of the others is, from 0 (nothing in common) to 1."""
    mine, lots = terms(gist), [terms(other) for other in others]
    square = {word: weight**2 for word, weight in rarity([mine, *lots]).items()}
    weigh = square.__getitem__
    length = sqrt(sum(map(weigh, mine)))
    found = []
    for lot in lots:
        shared = sum(map(weigh, mine & lot))
        found.append(shared / (length * sqrt(sum(map(weigh, lot)))) if shared else 0.0)
    return found
