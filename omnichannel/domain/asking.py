"""Did this citizen ask how their case is doing? "CEK LAP-2026-000123", as people type it. Pure, and quick for everything else."""

import re
import unicodedata
from dataclasses import dataclass

BRIEF = 60  # characters under a subject that asks
LONGEST = 600  # characters; whoever writes more than this writes about their matter
NEAR = 5  # words between the asking word and the number
FULL = 4  # digits of a number that is not shortened
STRAY = 2  # other words (a name, a district) that still leave the message a mere question

_ASKING = (
    "cek cekk ceek ceck chek chekk check chck cel ngecek dicek cekin cekkan mengecek pengecekan status statsu satus stts "
    "lacak melacak dilacak track tracking trek progres progress perkembangan"
)
ASKING = frozenset(_ASKING.split())
SERIES = {
    "ppid": "ppid", "permohonan": "ppid", "informasi": "ppid", "info": "ppid",
    "keb": "keberatan", "keberatan": "keberatan",
    "lap": "lapor", "lapor": "lapor", "laporan": "lapor", "lpr": "lapor", "pengaduan": "lapor", "aduan": "lapor",
}  # fmt: skip
# Words that carry no matter of their own: greetings, please, thanks, "my number is".
_EMPTY = (
    "tolong mohon minta min admin mimin pak bu bapak ibu kak kakak gan bro sis halo hallo hai hi hello selamat pagi siang "
    "sore malam assalamualaikum salam wr wb permisi maaf dong ya yaa iya yg yang saya sy aku kami nomor nomer no nmr "
    "registrasi register pendaftaran tiket surat untuk utk dari dengan dgn ini itu berikut adalah apa apakah bagaimana "
    "gimana gmn bgmn sudah udah udh sampai smp mana dimana terima terimakasih kasih makasih trims thanks thank you thx "
    "please pls the my of for report number request complaint hormat mau ingin pengen bisa boleh tanya bertanya nanya lihat "
    "kah nya sih nih kode code rahasia sandi pin lapor laporan permohonan pengaduan aduan info informasi ppid lap re fwd "
    "balas bls web dan di ke is a keb keberatan"
)
EMPTY = frozenset(_EMPTY.split())
# "Nomor laporan saya berapa ya?": the word for a number, the thing that has one, and what makes it the writer's own.
_NUMBERS = "nomor nomer no nmr nomornya nomernya kode kodenya"
NUMBERS = frozenset(_NUMBERS.split())
_THINGS = (
    "laporan lapor lap pengaduan aduan permohonan permintaan registrasi register pendaftaran tiket kasus keberatan ppid"
)
THINGS = frozenset(_THINGS.split())
_OWN = "saya sy aku ku kami gue gw punya milik my"
OWN = frozenset(_OWN.split())
_MISSING = (
    "berapa brp brapa berapakah brpa apa mana lupa hilang minta mohon tolong info informasi kirim ulang "
    "lagi tanya tau tahu ingat"
)
MISSING = frozenset(_MISSING.split())
# Of a public body: "nomor pengaduan berapa" may ask for a telephone; these are only ever given by us.
_GIVEN = "registrasi register tiket"
GIVEN = frozenset(_GIVEN.split())
_LOSS = "kehilangan ilang terhapus kehapus dihapus tidak tdk ga gak nggak tak belum blm dapat dpt terima menerima"
LOSS = frozenset(_LOSS.split())
_AROUND = "biar supaya agar buat jadi kalau kalo klo dulu kemarin kmrn tadi itu atau sendiri lg simpan disimpan catat"
AROUND = frozenset(_AROUND.split())
DASH = r"[\s.,:;_/\\|-]*"
DIGITS = r"[0-9o]"
THREAD = re.compile(rf"\bweb{DASH}([0-9a-z]{{5}}){DASH}([0-9a-z]{{5}})\b")
# What follows or goes before with a dash of its own is a date, not a number: 2026-11-17, 17/11/2026.
WHOLE = re.compile(rf"(?:\b([a-z]{{2,12}}){DASH})?(?<![0-9])(20[0-9]{{2}}){DASH}({DIGITS}{{1,7}})\b(?![-/.][0-9])")
TURNED = re.compile(
    rf"(?:\b([a-z]{{2,12}}){DASH})?(?<![-/.0-9])({DIGITS}{{1,7}})[/.-](?:([a-z]{{2,12}})[/.-])?(20[0-9]{{2}})\b"
)
SHORT = re.compile(rf"(?:\b([a-z]{{2,12}}){DASH})?\b({DIGITS}{{1,7}})\b")
CODE = re.compile(r"\b(?!(?:kode|code)\b)([0-9a-z]{4})(\s*-\s*|\s+|)([0-9a-z]{4})\b")
BEFORE_CODE = re.compile(r"\b(?:kode|code|sandi|pin)\b[\s:=]*$")
MENTION = re.compile(r"(?:^|(?<=\s))@[\w.]+|https?://\S+")
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about. `series` is ppid or lapor where it was said, `year` where it was said; or `thread`, the number
    of a public form. `alone`: the message says nothing else, so nobody needs to read it. `worded`: it has the asking word;
    a bare number may be the answer to an officer's question. `lost`: there is no number, because it is asked for; `own`:
    surely their own, where "nomor pengaduan berapa" may ask for our telephone."""

    series: str | None = None
    year: int | None = None
    number: int = 0
    thread: str | None = None
    code: str | None = None
    alone: bool = True
    worded: bool = True
    lost: bool = False
    own: bool = True


def asked(text: str) -> Asked | None:
    """None where this is no question about a case."""
    if len(text) > LONGEST:
        return None
    plain = MENTION.sub(" ", unicodedata.normalize("NFKC", text).casefold()).replace("#", " ")
    if not any(sign.isdecimal() for sign in text):
        return _lost(plain)
    found = _thread(plain) or _numbered(plain)
    if found is None:
        return None
    what, start, end, sure = found
    code, rest = _code(plain[end:])
    before = _words(plain[:start])
    keyword = any(word in ASKING for word in before[-NEAR:]) or any(word in ASKING for word in _words(rest)[:2])
    stray = [one for one in (*before, *_words(rest)) if one not in EMPTY and one not in ASKING]
    alone = len(stray) <= (STRAY if sure else 0)
    if not (keyword and (sure or alone)) and not (sure and alone):
        return None
    return Asked(what.series, what.year, what.number, what.thread, code, alone, keyword)


def asked_in(text: str, subject: str | None, first: str | None) -> Asked | None:
    """The same for a mail, which may ask in its subject alone; a subject that only repeats the thread's asks nothing new."""
    found = asked(text)
    if found is None and subject and first in (None, subject) and len(text) < BRIEF:
        return asked(f"{subject}\n{text}")
    return found


def _lost(plain: str) -> Asked | None:
    """ "Nomor laporannya berapa?", and nothing else: one word more is a matter of its own (nomor antrean RSUD)."""
    said = _words(plain)
    bare = [word.removesuffix("nya").removesuffix("ku") if word not in EMPTY else word for word in said]
    known = EMPTY | ASKING | NUMBERS | THINGS | OWN | MISSING | LOSS | AROUND
    if not all(one in known or other in known for one, other in zip(said, bare, strict=True)):
        return None
    things = [one for one, other in zip(said, bare, strict=True) if other in THINGS]
    if not things or not NUMBERS & {*said, *bare} or not (MISSING | LOSS) & {*said}:
        return None
    own = bool(OWN & {*said}) or any(one.endswith(("nya", "ku")) for one in said) or bool(GIVEN & {*bare})
    return Asked(lost=True, own=own)


_Found = tuple[Asked, int, int, bool]


def _thread(plain: str) -> _Found | None:
    match = THREAD.search(plain)
    if match is None or not any(sign.isdigit() for sign in match[1] + match[2]):
        return None
    return Asked(thread=f"WEB-{match[1]}-{match[2]}".upper()), match.start(), match.end(), True


def _numbered(plain: str) -> _Found | None:
    """A whole number with its year, else one that stands alone after the asking word ("cek 123"): that is less sure."""
    for pattern, year, number in ((WHOLE, 2, 3), (TURNED, 4, 2)):
        for match in pattern.finditer(plain):
            series, start = _series(match)
            if pattern is TURNED and match[3] is not None:
                series = SERIES.get(match[3])
            if _is_number(match[number]) and _plausible(match, series, match[number]):
                return Asked(series, int(match[year]), _int(match[number])), start, match.end(), True
    several = list(SHORT.finditer(plain))
    if len(several) != 1 or not _is_number(several[0][2]):
        # A code of four and four may stand behind it, and it holds digits too.
        several = [one for one in several[:1] if _is_number(one[2]) and _code(plain[one.end() :])[0]]
    if not several:
        return None
    series, start = _series(several[0])
    return Asked(series, None, _int(several[0][2])), start, several[0].end(), False


def _series(match: "re.Match[str]") -> tuple[str | None, int]:
    """The word before a number when it names a register; any other word is a word like the rest."""
    word = match[1]
    if word is None:
        return None, match.start()
    return (SERIES[word], match.start()) if word in SERIES else (None, match.end(1))


def _plausible(match: "re.Match[str]", series: str | None, number: str) -> bool:
    """ "11-2026" and "tahun 2026 12 kali" are no numbers of ours: without a series the asking word stands right before, or
    the number is written out in full, in one piece."""
    if series is not None:
        return True
    between = match.string[match.start(2) : match.end()]
    before = _words(match.string[: match.start(2)])[-1:]
    if before and before[0] in ASKING:
        return True
    return len(number) >= FULL and not between.isdigit() and not re.search(r"\s", between)


def _is_number(text: str) -> bool:
    return any(sign.isdecimal() for sign in text) and _int(text) > 0


def _int(text: str) -> int:
    return int(text.replace("o", "0"))


def _code(rest: str) -> tuple[str | None, str]:
    """The secret that was sent along, and what else stands there. Two words of four letters are no code: it has a digit,
    a dash, or the word "kode" before it."""
    for match in CODE.finditer(rest):
        signs = match[1] + match[3]
        named = BEFORE_CODE.search(rest[: match.start()]) is not None
        if named or "-" in match[2] or any(sign.isdecimal() for sign in signs):
            return signs.upper(), rest[: match.start()] + " " + rest[match.end() :]
    return None, rest


def _words(text: str) -> list[str]:
    return WORD.findall(text)
