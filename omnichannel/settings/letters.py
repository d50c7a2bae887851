"""`[letters]`: what stands on the PPID's letters, and how they are numbered."""

from datetime import date
from pathlib import Path

from omnichannel.domain.letter import LetterKind, LetterRules, ReceiptAt
from omnichannel.settings.rows import Row

KEYS = (
    "head", "address", "arms", "place", "signer", "signer_post", "signer_id", "number", "receipt", "link_days", "fonts",
)  # fmt: skip

LONGEST = 80  # signs of a number


def load_letters(main: Row) -> LetterRules:
    """Exact errors for what cannot be. Paths are meant from the folder of the configuration."""
    row = Row(main.raw("letters") or {}, main.file, "letters", KEYS)
    plain, folder = LetterRules(), Path(main.file).parent
    receipt = row.text("receipt", plain.receipt.value)
    if receipt not in set(ReceiptAt):
        row.wrong("receipt", '"never", "received" or "complete"')
    arms = row.optional_text("arms")
    return LetterRules(
        head=row.texts("head"),
        address=row.optional_text("address") or "",
        arms=str(folder / arms) if arms else "",
        place=row.text("place", plain.place),
        signer=row.optional_text("signer") or "",
        signer_post=row.text("signer_post", plain.signer_post),
        signer_id=row.optional_text("signer_id") or "",
        number=_pattern(row, plain.number),
        receipt=ReceiptAt(receipt),
        link_days=row.number("link_days", range(1, 366), plain.link_days),
        fonts=tuple(str(folder / one) for one in row.texts("fonts")),
    )


def _pattern(row: Row, default: str) -> str:
    """Another number for every year and sequence, whatever month or kind."""
    pattern = row.text("number", default)
    asked = [(date(year, 1, 1), n) for year in (2026, 2027) for n in (1, 2, 12, 112, 1_000)]
    try:
        made = {LetterRules(number=pattern).numbered(LetterKind.NOTICE, day, n) for day, n in asked}
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        made = set()
    if len(made) != len(asked) or max(len(one) for one in made) > LONGEST:
        row.wrong("number", f"a text with {{n}} and {{year}}, and {{code}} or {{month}} if you like, such as {default}")
    return pattern
