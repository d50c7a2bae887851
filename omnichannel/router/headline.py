"""What a report is called where everybody reads its title: what happened, and where.

A citizen greets, names our account, adds hashtags, then says it. The title is the first sentence that says something
and names nobody.
"""

import re

LIMIT = 100
LOOKED_AT = 4000  # letters; whoever greets for longer has no title
SAYS_LITTLE = 12  # letters: "Rusak parah!" alone tells an officer in another town nothing
GREETING = re.compile(
    r"(?:ass?alamu\W?a?lai?kum|assalamualaikum|aslm|asslm|wr\b\.?|wb\b\.?|warahmatullahi|wabarakatuh|shalom|salam(?:\s+(?:sejahtera|sehat|hormat))?"
    r"|selamat\s+(?:pagi|siang|sore|malam|datang)|met\s+(?:pagi|siang|sore|malam)|halo+|hall?ow?|hai+|hey|hi|hello|permisi|punten"
    r"|maaf\s+mengganggu|mohon\s+maaf|yth|(?:mau|ingin|(?:mohon\s+)?i[zj]in|numpang)\s+(?:tanya|bertanya|lapor|melapor(?:kan)?|menyampaikan|mengadu(?:kan)?|ngadu))(?!\w)",
    re.IGNORECASE,
)
# Words that address somebody when a comma or the line's end follows, and else are part of what is said: "Bu lurah meminta uang".
ADDRESSED = re.compile(
    r"(?:(?:pagi|siang|sore|malam|lapor|i[zj]in|maaf|kepada|bapak|ibu|bpk|pak|bu|kak|kakak|min|admin|mimin|gan|bang|mas|mbak|saudara|semua(?:nya)?|tim|bupati|dan|di|tempat)"
    r"[ /&]*)+(?=[,.!:;\n–—-]|$)",
    re.IGNORECASE,
)
MINOR = re.compile(r"(?:pak|bu|min|kak|admin|mimin|gan|bang|mas|mbak)\s+(?=[a-z])")
MENTION = re.compile(r"(?<![\w.@])@[\w.]{2,40}")
HASHTAG = re.compile(r"#(\w+)")
LINK = re.compile(r"https?://\S+")
ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")
SHORT = re.compile(
    r"\b(?:jl|jln|gg|no|rt|rw|km|kec|kel|kab|ds|dsn|bpk|sdr|dr|drs|ir|yth|tgl|hp|s\.d|dll|dsb)\.$", re.IGNORECASE
)
INTRODUCED = re.compile(
    r"(?:perkenalkan\W+)?(?:nama\s*:?\s*)?(?:saya\s+)?\[pelapor\](?:\W+\[pelapor\])*\W*(?:(?:dari|warga|tinggal\s+di)\s+[^,.;:]{1,40}[,.;:]\s*)?"
    r"(?:(?:ingin|mau|hendak)\s+)?(?:melapor(?:kan)?|menyampaikan)?(?!\w)\W*",
    re.IGNORECASE,
)
MASKED = re.compile(r"•|\[(?:pelapor|surel)\]")
EDGE = " \t\n.,;:!?-–—…*_~\"'“”()"


def headline(text: str, place: str | None = None, limit: int = LIMIT) -> str:
    """At most `limit` letters. The words as they came where nothing but a greeting was said."""
    text = re.sub(r"[^\S\n]+", " ", text[:LOOKED_AT])
    said = [line for line in map(_bare, _sentences(_unmarked(text))) if line]
    if not said:
        return _cut(" ".join(text.split()), limit)
    clear = [line for line in said if not MASKED.search(line)] or said
    title = clear[0]
    for line in clear[1:]:
        if sum(map(str.isalpha, title)) >= SAYS_LITTLE:
            break
        title = f"{title.rstrip('?')}. {line}"
    title = title[:1].upper() + title[1:]
    where = (place or "").partition(",")[0].strip()
    if where and where.casefold() not in title.casefold() and len(title) + len(where) + 5 <= limit:
        title = f"{title} ({where})" if re.search(r"\bdi\b|\?$", title, re.IGNORECASE) else f"{title} di {where}"
    return _cut(title, limit)


def without_address(text: str) -> str:
    """The words without the handles they were addressed to: how a reply begins on a public channel, no part of a report."""
    return re.sub(rf"\A(?:\W*{MENTION.pattern}[\s,:]*)+", "", text).strip()


def _unmarked(text: str) -> str:
    """Handles and links go. Hashtags at an end say where it is to go; one within a sentence is a word of it."""
    text = LINK.sub(" ", MENTION.sub(" ", text))
    text = re.sub(r"\A(?:\s*#\w+)+|(?:\s*#\w+)+\s*\Z", " ", text)
    return HASHTAG.sub(r"\1", text)


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    for piece in ENDS.split(text):
        if found and SHORT.search(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        else:
            found.append(piece)
    return [" ".join(one.split()) for one in found]


def _bare(sentence: str) -> str:
    """Without greeting and titles at its beginning, and without the signs at its ends."""
    line, greeted = sentence.strip(EDGE), False
    while line:
        found = GREETING.match(line) or ADDRESSED.match(line) or INTRODUCED.match(line)
        found = found or (MINOR.match(line) if greeted else None)
        if found is None:
            break
        line, greeted = line[found.end() :].strip(EDGE + "/&"), True
    return f"{line}?" if line and sentence.rstrip().endswith("?") else line


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    shorter = text[: limit - 1]
    return (shorter.rsplit(" ", 1)[0] if " " in shorter[limit // 2 :] else shorter).rstrip(".,;: ") + "…"
