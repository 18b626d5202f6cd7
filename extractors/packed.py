"""Owns feeds and sitemaps that are gzipped files, not answers under a Content-Encoding."""

from __future__ import annotations

import zlib
from dataclasses import replace

from marsad.errors import NotAFeed, TooLarge
from marsad.sources import Page

_PIECE_BYTES = 65_536
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WBITS = 31


def unpacked(page: Page, limit_bytes: int) -> Page:
    """Return `page` with a gzipped body unpacked; servers send feed.xml.gz as the file that it is.

    Raises:
        NotAFeed: the file is broken or cut off.
        TooLarge: more than `limit_bytes` come out.
    """
    if not page.body.startswith(_GZIP_MAGIC):
        return page
    stream = zlib.decompressobj(_GZIP_WBITS)
    body, rest = bytearray(), page.body
    try:
        while rest and not stream.eof:
            body += stream.decompress(rest, _PIECE_BYTES)
            rest = stream.unconsumed_tail
            if len(body) > limit_bytes:
                raise TooLarge(page.url, f"more than {limit_bytes} bytes when unpacked")
    except zlib.error as error:
        raise NotAFeed(page.url, "its compression is broken") from error
    if not stream.eof:
        raise NotAFeed(page.url, "the answer is cut off")
    return replace(page, body=bytes(body))
