"""Owns urls: the form that is sent to a server, and the form that identifies an article.

`canonical_url` is an identity: two addresses of one article become equal, two articles never do. It goes no
further than what the address alone tells; where a server answers several forms, the redirect settles it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, unquote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from marsad.errors import BadInput

URL_LIMIT_CHARS = 4000  #: the longest of 10,000 Arabic articles' urls has 469 characters, percent-encoded

_REMEMBERED_HOSTS = 1_024  #: a topic follows some hundred; each page's is asked for ten times

#: Query keys that name where a reader came from. courlan's list is wider and takes `cid`, `source` and `keyword`
#: too, which are the article's own key on Arabic sites with an .aspx behind them.
_TRACKERS = re.compile(
    r"(?:utm|ga|gs|itm|mc|mkt|mtm|oly|pk|vero|hsa|at|ns)_.*"
    r"|(?:dc|fb|g|gb|tw|y|ys|ms)cl(?:id|src)|gbraid|wbraid|igshid|igsh|msclkid|mkt_tok|xtor|cmpid|spm|traffic_source"
    r"|_(?:gl|ga|gac|hsenc|hsmi)|gad_source|gad_campaignid|srsltid|ttclid|li_fat_id|mibextid|sfnsn|__cf_chl_\w+|amp_\w+|usqp"
    r"|ref_?(?:src|url)|ref|referrer|feature|share|shared|amp|__?twitter_impression|ocid|ito|ncid",
    re.IGNORECASE,
)
_AMP_TYPE = re.compile(r"(?:outputtype|output|type|view|m)=amp", re.IGNORECASE)
_AMP_CACHE_HOST = re.compile(r"[a-z0-9-]+\.cdn\.ampproject\.org")
_AMP_CACHE_PATH = re.compile(r"/(?:amp|[cvia]|wp)/(s/)?(.+)")
_MOBILE_HOST = re.compile(r"(?:m|mobile|amp|wap)\.(?=[^.]+\.[^.]+)")
_SECOND_LEVELS = frozenset(
    {"com", "net", "org", "gov", "edu", "co", "ac", "info", "or", "go", "ne", "mil", "sch", "media"}
)  #: as in okaz.com.sa
#: Hosts under which everybody may publish.
_PLATFORMS = frozenset(
    {"blogspot.com", "wordpress.com", "github.io", "gitlab.io", "medium.com", "substack.com", "netlify.app"}
    | {"pages.dev", "vercel.app", "herokuapp.com", "tumblr.com", "weebly.com", "wixsite.com", "google.com"}
)
_NUMBER = re.compile(r"\d{2,}")
#: Names an article; 404 and 24 are names of pages and channels, 2026 is a year's.
_LONG_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}")
_SLUG_WORD = re.compile(r"[^\W\d_]{2,}")
_SLUG_WORDS = 3  #: of a headline in a path; sections have one or two
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_ASCII_BYTES = 0x80
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def host_of(url: str) -> str:
    """Return the host of `url` in lower-case ASCII (punycode), without port.

    Raises:
        BadInput: not an http or https url with a host.
    """
    return _host(_split(url), url)


def site_of(host: str) -> str:
    """Return the part of a host that one publisher registered: `arabic.example.com.sa` is of `example.com.sa`.

    Two blogs under one platform are two sites. It is told from the name alone; where a country's registry has names of
    its own kind (the public suffix list has 10,000), one label too few is taken, and two publishers pass for one.
    """
    labels = host.split(".")
    if _is_address(host) or len(labels) <= 2:  # noqa: PLR2004  a name and its top level
        return host
    is_shared = ".".join(labels[-2:]) in _PLATFORMS or (
        len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVELS  # noqa: PLR2004  a country's top level
    )
    return ".".join(labels[-3 if is_shared else -2 :])


def is_same_site(url: str, other: str) -> bool:
    """Return whether both addresses are one publisher's, on one port."""
    return site_of(host_of(url)) == site_of(host_of(other)) and urlsplit(url).port == urlsplit(other).port


def wire_url(url: str) -> str:
    """Return `url` as it is sent: ASCII, host in punycode, no fragment and no credentials; else unchanged.

    Raises:
        BadInput: not an http or https url, or one that cannot be written in ASCII.
    """
    parts = _split(url)
    return urlunsplit((parts.scheme, _authority(parts, url), _escaped(parts.path) or "/", _escaped(parts.query), ""))


def spelled_url(url: str) -> str:
    """Return the one spelling of an address: those that differ from it in writing alone are asked for the same.

    It is what `wire_url` sends, with percent-encoding written one way and no `.` and `..` in its path. Unlike
    `canonical_url` it keeps scheme, host and parameters, so it can be asked.

    Raises:
        BadInput: not an http or https url, or one that cannot be written in ASCII.
    """
    parts = _split(url)
    path = "/".join(_without_dots(_one_spelling(parts.path).split("/"))) or "/"
    return urlunsplit((parts.scheme, _authority(parts, url), path, _one_spelling(parts.query), ""))


def resolve_url(base: str, link: str) -> str:
    """Return `link` as an absolute url, read from a document at `base`.

    Raises:
        BadInput: it leads to something that is not http or https (javascript:, mailto:, a broken host).
    """
    try:
        absolute = urljoin(base, _CONTROLS.sub("", link.strip()))
    except ValueError as error:
        raise BadInput(link[:200], "not a url") from error
    parts = _split(absolute)
    _host(parts, link)
    return urlunsplit(parts)


def canonical_url(url: str) -> str:
    """Return the one spelling of `url` that serves as an article's identity; applying it twice changes nothing.

    Off go trackers, AMP and mobile forms, default ports, credentials and fragments (but for `#/` and `#!`, which are
    routes); percent-encoding is written one way, so that an Arabic path and its encoded form are equal. A host with
    a name and no port of its own is https: publishers serve both, and the feed often has the old one.

    Raises:
        BadInput: not an http or https url.
    """
    parts = _split(_out_of_amp_cache(url))
    host = _desktop_host(_host(parts, url))
    authority = _authority(parts, url).replace(_host(parts, url), host, 1)
    scheme = "https" if authority == host and not _is_address(host) else parts.scheme
    query = "&".join(sorted(_own_parameters(parts.query)))
    route = _escaped(parts.fragment) if parts.fragment.startswith(("/", "!")) else ""
    return urlunsplit((scheme, authority, _canonical_path(parts.path), _one_spelling(query), route))


def declared_url(url: str, declared: str) -> str:
    """Return the canonical form of the address that a page declares its own, or of `url` where that is not believed.

    A declared address settles what an address alone cannot tell (`?p=17` or a slug), but content systems also write the
    home page there, a section, or another site's page, and a page that is copied whole brings its origin's. So it
    counts only on the same site and where it leads to one article: not above the page's own path, and with a number, a
    slug or the page's own last words in it.

    Args:
        url: where the page was found, after redirects.
        declared: link rel=canonical or og:url, as written; empty where there is none.

    Raises:
        BadInput: `url` is not http or https.
    """
    own = canonical_url(url)
    try:
        other = canonical_url(resolve_url(url, declared)) if declared.strip() else own
    except BadInput:
        return own
    return other if is_same_site(other, own) and _is_of_one_article(urlsplit(other), urlsplit(own)) else own


def _is_of_one_article(other: SplitResult, own: SplitResult) -> bool:
    path, own_path = other.path.strip("/"), own.path.strip("/")
    if path == own_path and (other.query or not own.query):
        return True
    if not path and not other.query:
        return False
    if path != own_path and not other.query and f"{own_path}/".startswith(f"{path}/"):
        return False
    told = unquote(f"{path.rpartition('/')[2]}?{other.query}")
    shared = set(_NUMBER.findall(told)) & set(_NUMBER.findall(unquote(f"{own_path}?{own.query}")))
    return bool(shared) or bool(_LONG_NUMBER.search(told)) or len(_SLUG_WORD.findall(told)) >= _SLUG_WORDS


def _split(url: str) -> SplitResult:
    text = _CONTROLS.sub("", url).strip()
    if len(text) > URL_LIMIT_CHARS:
        raise BadInput(text[:200], f"url longer than {URL_LIMIT_CHARS} characters")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise BadInput(text[:200], "not a url") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port == 0:
        raise BadInput(text[:200], "not an http or https url")
    return parts


def _host(parts: SplitResult, url: str) -> str:
    name = (parts.hostname or "").rstrip(".")
    try:
        return name if ":" in name else _in_ascii(name)
    except UnicodeError as error:
        raise BadInput(url[:200], "not a host name") from error


@lru_cache(maxsize=_REMEMBERED_HOSTS)
def _in_ascii(name: str) -> str:
    # Python's codec refuses empty and overlong labels (RFC 1035, 2.3.4) in names that are not ASCII, too.
    return name.encode("idna").decode("ascii")


def _authority(parts: SplitResult, url: str) -> str:
    host = _host(parts, url)
    bracketed = f"[{host}]" if ":" in host else host
    return bracketed if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{bracketed}:{parts.port}"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _escaped(text: str) -> str:
    """Percent-encode what may not stand in a url, and leave what is encoded as it is."""
    return quote(text, safe="%/:?#[]@!$&'()*+,;=~-._|", errors="surrogatepass")


def _one_spelling(text: str) -> str:
    """Write percent-encoding one way (RFC 3986, 6.2.2): upper-case hex, and none for unreserved characters."""

    def spelled(match: re.Match[str]) -> str:
        byte = unquote_to_bytes(match[0])[0]
        return chr(byte) if byte < _ASCII_BYTES and byte in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(spelled, _escaped(text))


def _out_of_amp_cache(url: str) -> str:
    parts = _split(url)
    host = _host(parts, url)
    is_cache = _AMP_CACHE_HOST.fullmatch(host) or (host.startswith("www.google.") and parts.path.startswith("/amp/"))
    inner = _AMP_CACHE_PATH.fullmatch(parts.path) if is_cache else None
    if inner is None:
        return url
    return f"{'https' if inner[1] else 'http'}://{inner[2]}" + (f"?{parts.query}" if parts.query else "")


def _desktop_host(host: str) -> str:
    """Return the host that a mobile or AMP host stands for; `www.` goes before a bare registered name."""
    bare = _MOBILE_HOST.sub("", host, count=1) if not _is_address(host) else host
    if bare == host:
        return host
    labels = bare.split(".")
    is_registered = len(labels) == 2 or (len(labels) == 3 and labels[1] in _SECOND_LEVELS)  # noqa: PLR2004
    return f"www.{bare}" if is_registered else bare


def _canonical_path(path: str) -> str:
    segments = _without_dots(re.sub(r"(?<!:)/{2,}", "/", _one_spelling(path)).split("/"))
    if len(segments) > 2 and segments[1] == "amp":  # noqa: PLR2004
        del segments[1]
    if len(segments) > 2 and (segments[-1] or segments[-2]) == "amp":  # noqa: PLR2004
        del segments[-1 if segments[-1] else -2]
    last = re.sub(r"\.amp(?=$|\.html?$)", "", segments[-1])
    return "/".join([*segments[:-1], last]) or "/"


def _without_dots(segments: list[str]) -> list[str]:
    kept: list[str] = []
    for segment in segments:
        if segment == ".." and len(kept) > 1:
            kept.pop()
        elif segment not in (".", ".."):
            kept.append(segment)
    return kept if segments[-1] not in (".", "..") else [*kept, ""]


def _own_parameters(query: str) -> Iterable[str]:
    for piece in query.replace("&amp;", "&").split("&"):  # feeds write their links escaped once too often
        key = piece.partition("=")[0]
        if piece and not _TRACKERS.fullmatch(key) and not _AMP_TYPE.fullmatch(piece):
            yield piece
