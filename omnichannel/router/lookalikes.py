"""Letters that only look like letters: ringed and boxed ones, small capitals, and a few of other alphabets among ours.

Phones offer them as "fonts"; whoever dodges a filter mixes in another alphabet's. Each stands for one letter, so that what was
read still knows its place in the citizen's own text.
"""

from string import ascii_lowercase
from unicodedata import combining, normalize

# First code point of each run of 26 (Unicode: Enclosed Alphanumerics, Enclosed Alphanumeric Supplement).
_RUNS = (0x249C, 0x24B6, 0x24D0, 0x1F110, 0x1F130, 0x1F150, 0x1F170)
_BOXED = {start + at: letter for start in _RUNS for at, letter in enumerate(ascii_lowercase)}
_SMALL = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢı", "abcdefghijklmnoprstuvwyzi")
# Cyrillic and Greek; believed only beside a letter of ours.
_FOREIGN = str.maketrans("аеорсухіјѕкмтнвαοερτυικν", "aeopcyxijskmthbaoeptuikv")


def unboxed(text: str) -> str:
    """The text with ringed and boxed letters written plainly; as long as before."""
    return text if text.isascii() else text.translate(_BOXED)


def folded(word: str) -> str:
    """Lower case and plain: fonts, accents and strokes gone."""
    bare = "".join(char for char in normalize("NFKD", word) if not combining(char)).lower().translate(_SMALL)
    return bare.translate(_FOREIGN) if any(char.isascii() and char.isalpha() for char in bare) else bare
