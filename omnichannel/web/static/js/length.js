// How long a text is by the channel's own measure. The server's `domain/length.py` counts alike and has the last word.

const LINK = 23;
const LIGHT = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]];
const LINKS =
  /https?:\/\/[^\s<>"]+|(?<![\w@.-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|net|org|info|biz|edu|gov|co|id|io|me|tv|app|dev|xyz|my|sg|asia)(?![\w-])(?:\/[^\s<>"]*)?/gi;
const ONE = "[\\u2190-\\u2bff\\u3030\\u303d\\u3297\\u3299\\u{1f000}-\\u{1faff}](?:\\ufe0f|[\\u{1f3fb}-\\u{1f3ff}])?";
const EMOJI = new RegExp(`[\\u{1f1e6}-\\u{1f1ff}]{2}|[#*0-9]\\ufe0f?\\u20e3|${ONE}(?:\\u200d${ONE})*`, "gu");

function weight(text) {
  let sum = 0;
  const rest = text
    .normalize("NFC")
    .replace(LINKS, () => ((sum += LINK), ""))
    .replace(EMOJI, () => ((sum += 2), ""));
  for (const sign of rest) {
    const point = sign.codePointAt(0);
    sum += LIGHT.some(([from, to]) => from <= point && point <= to) ? 1 : 2;
  }
  return sum;
}

export function length(text, counts) {
  if (counts === "weight") return weight(text);
  return counts === "bytes" ? new TextEncoder().encode(text).length : [...text].length;
}
