"""Which encoding a page is in, whatever it says."""

from __future__ import annotations

import pytest

from extractors.decoding import decode_page
from marsad.errors import NotAnArticle
from tests.extractors.pages import BODY, URL, html

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1256", "iso-8859-6"]
DECLARED = [
    pytest.param("{own}", id="declared"),
    pytest.param("", id="undeclared"),
    pytest.param("utf-8", id="declared UTF-8"),
    pytest.param("windows-1252", id="declared windows-1252"),
    pytest.param("no-such-encoding", id="declared nonsense"),
]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("place", ["header", "meta"])
def test_arabic_is_read_whatever_is_declared(encoding: str, declared: str, place: str) -> None:
    charset = declared.format(own=encoding.removesuffix("-sig"))
    text = f"<html><head><title>x</title></head><body><p>{BODY}</p></body></html>"
    if place == "meta" and charset:
        text = text.replace("<title>", f'<meta charset="{charset}"><title>')
    header = f"text/html; charset={charset}" if place == "header" and charset else "text/html"
    assert BODY in decode_page(text.encode(encoding), header, URL)


def test_page_with_a_few_broken_bytes_stays_utf_8() -> None:
    data = html().encode()
    broken = data[:900] + b"\xd9" + data[900:-1]
    assert BODY.split("\n")[-1] in decode_page(broken, "", URL)


def misread(text: str, real: str, wrong: str) -> str:
    """Return `text` as who takes `real` for `wrong` sees it; undefined bytes as control characters, as browsers do."""
    return "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in text.encode(real))


@pytest.mark.parametrize(
    ("real", "wrong"),
    [
        ("utf-8", "windows-1252"),
        ("utf-8", "latin-1"),
        ("utf-8", "windows-1256"),
        ("windows-1256", "windows-1252"),
        ("windows-1256", "latin-1"),
        ("iso-8859-6", "latin-1"),
    ],
)
def test_mojibake_is_repaired(real: str, wrong: str) -> None:
    garbled = misread(BODY, real, wrong)
    assert decode_page(f"<p>{garbled}</p>".encode(), "text/html; charset=utf-8", URL) == f"<p>{BODY}</p>"


def test_mojibake_of_mojibake_is_repaired() -> None:
    garbled = misread(misread(BODY, "utf-8", "windows-1252"), "utf-8", "windows-1252")
    assert decode_page(f"<p>{garbled}</p>".encode(), "text/html; charset=utf-8", URL) == f"<p>{BODY}</p>"


def test_french_with_accents_is_no_mojibake() -> None:
    text = "<p>L’été à Ørsted, où l’Ånge Ûlrich a dîné : « déjà » – ça coûte 5 €</p>" * 5
    assert decode_page(text.encode(), "", URL) == text


def test_arabic_with_a_few_accents_is_left_alone() -> None:
    text = f"<p>{BODY}</p><p>قال Émile Zola في باريس: «J’accuse…!»، طـ ظ§ ثم مضى</p>"
    assert decode_page(text.encode(), "", URL) == text


def test_accents_that_are_no_arabic_are_refused() -> None:
    with pytest.raises(NotAnArticle):
        decode_page(("<p>" + "ÇþðÐÞæÆøåÅ " * 60 + "</p>").encode(), "", URL)


def test_garbled_beyond_repair_is_refused() -> None:
    garbled = "".join(char + "Ø§Ù„Ù†?"[n % 7] for n, char in enumerate("ØÙØÙ" * 100))
    with pytest.raises(NotAnArticle):
        decode_page(garbled.encode(), "", URL)
