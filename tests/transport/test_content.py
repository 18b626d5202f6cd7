"""Facts about decompression: whole or named, and never more memory than the limit."""

from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest

from marsad.errors import FetchError, TooLarge
from transport.content import Collector

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

URL = "https://example.org/a"
TEXT = "زار الوفد مصنعا في فلاديفوستوك. ".encode() * 4000  # the delegation visited a plant in Vladivostok
MEGABYTE = 1 << 20


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED = {
    "gzip": ("gzip", gzip.compress(TEXT)),
    "x-gzip": ("x-gzip", gzip.compress(TEXT)),
    "deflate": ("deflate", zlib.compress(TEXT)),
    "bare deflate": ("Deflate", bare_deflate(TEXT)),
    "brotli": ("br", brotli.compress(TEXT)),
    "zstandard": ("zstd", zstd.compress(TEXT)),
    "none": ("", TEXT),
    "identity": ("identity", TEXT),
}
BOMBS = {
    "gzip": ("gzip", gzip.compress(bytes(64 * MEGABYTE))),
    "deflate": ("deflate", zlib.compress(bytes(64 * MEGABYTE))),
    "brotli": ("br", brotli.compress(bytes(64 * MEGABYTE), quality=5)),
    "zstandard": ("zstd", zstd.compress(bytes(64 * MEGABYTE))),
}


def collect(encoding: str, body: bytes, limit_bytes: int = MEGABYTE, step: int = 65_536) -> bytes:
    collector = Collector(URL, encoding, limit_bytes)
    for start in range(0, len(body), step):
        collector.add(body[start : start + step])
    return collector.finish()


@pytest.mark.parametrize("step", [1, 7, 65_536])
@pytest.mark.parametrize(("encoding", "body"), PACKED.values(), ids=PACKED)
def test_a_body_comes_out_as_it_went_in(encoding: str, body: bytes, step: int) -> None:
    assert collect(encoding, body, step=step) == TEXT


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", ""])
def test_an_empty_body_is_whole_whatever_its_encoding(encoding: str) -> None:
    assert collect(encoding, b"") == b""


@pytest.mark.parametrize(("encoding", "body"), [PACKED[name] for name in ("gzip", "deflate", "brotli")])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_cut_off_stream_is_an_error(encoding: str, body: bytes, share: float) -> None:
    with pytest.raises(FetchError):
        collect(encoding, body[: int(len(body) * share)])


@pytest.mark.parametrize(("encoding", "body"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_stopped_at_the_limit(encoding: str, body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            collect(encoding, body)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak_bytes < 4 * MEGABYTE


@pytest.mark.parametrize(("encoding", "body"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_known_by_its_ratio_long_before_the_limit(encoding: str, body: bytes) -> None:
    collector = Collector(URL, encoding, 64 * MEGABYTE)
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge, match="a bomb"):
            collector.add(body)
        held_bytes, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 4 * MEGABYTE
    assert held_bytes < MEGABYTE // 2  # although collector and error are alive


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress, zstd.compress], ids=["gzip", "brotli", "zstandard"])
def test_a_sitemap_that_repeats_itself_is_no_bomb(pack: Callable[[bytes], bytes]) -> None:
    body = b"".join(b"<url><loc>https://example.org/news/%d</loc></url>\n" % n for n in range(50_000))
    encoding = {gzip.compress: "gzip", brotli.compress: "br"}.get(pack, "zstd")
    assert collect(encoding, pack(body), 10 * MEGABYTE) == body


def test_the_limit_holds_for_the_wire_too() -> None:
    assert len(collect("", bytes(MEGABYTE))) == MEGABYTE
    with pytest.raises(TooLarge):
        collect("", bytes(MEGABYTE + 1))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_body_that_is_not_what_it_says_is_an_error(encoding: str) -> None:
    with pytest.raises(FetchError):
        collect(encoding, b"\xff<html>not compressed at all</html>" * 9)


@pytest.mark.parametrize("encoding", ["dcz", "gzip, gzip", "compress", "aes128gcm"])
def test_an_encoding_nobody_asked_for_is_an_error(encoding: str) -> None:
    with pytest.raises(FetchError):
        Collector(URL, encoding, MEGABYTE)


def test_a_second_gzip_member_is_not_half_read() -> None:
    with pytest.raises(FetchError):
        collect("gzip", gzip.compress(TEXT) + gzip.compress(TEXT))


def test_a_zstandard_window_beyond_the_webs_is_refused() -> None:
    wide = zstd.compress(bytes(64 * MEGABYTE), options={zstd.CompressionParameter.window_log: 27})
    with pytest.raises(FetchError, match="compression is broken"):
        collect("zstd", wide)


def test_rubbish_after_the_stream_is_ignored() -> None:
    assert collect("gzip", gzip.compress(TEXT) + b"\r\n") == TEXT
