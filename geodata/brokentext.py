"""Letters that were broken on their way: control characters, and umlauts that were encoded twice or lost.

One place for the texts of content folders and the names in geodata files, so that both refuse the same.
"""

from __future__ import annotations

import re

INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters but tab and line feed, and the two separators that browsers take for line ends."""

TWICE_ENCODED = re.compile("Ã[¤¶¼Ÿ„–œ©]|Â[»«°]|â€|\ufffd")
"""UTF-8 that was read as Windows-1252 ("FÃ¶rster"), and U+FFFD, which stands where a letter was lost."""
