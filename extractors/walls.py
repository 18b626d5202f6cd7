"""Owns the pages that stand in an article's or a feed's place: consent, login, challenge, a parked domain.

They answer 200 with well-formed text, so that without a check "we value your privacy" becomes the most reported story
of the day. A word of a wall in a long article proves nothing: an article may be about captchas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from extractors.metadata import Metadata
from marsad.datewords import plain
from marsad.errors import Blocked, NotAnArticle, Parked

LONGEST_WALL_CHARS = 1_500  #: of a body; consent and challenge pages say little
LONGEST_DEALER_CHARS = 600  #: of all a page says, where a dealer's script is the only sign
_HOSTS = re.compile(r"^https?://(?:consent|guce|login|signin|auth|accounts|sso|idp|captcha)\.", re.IGNORECASE)
_PATHS = re.compile(
    r"^https?://[^/]+/(?:(?:login|signin|sign-in|consent|captcha)(?=[/?#.]|$)|cdn-cgi/challenge)", re.IGNORECASE
)
_SCRIPTS = re.compile(
    r"/cdn-cgi/challenge-platform/|_Incapsula_Resource|captcha-delivery\.com|px-captcha|/_sec/cp_challenge|awswaf|"
    r"sucuri_cloudproxy|hcaptcha\.com/1/api|recaptcha/api\.js",
    re.IGNORECASE,
)
_TITLES = re.compile(
    r"just a moment|attention required!|access denied$|are you a (?:robot|human)|verify you are|security check$|"
    r"before you continue|ddos-guard|checking your browser|bot verification|(?:log|sign) ?in$|"
    # the same in Arabic
    r"لحظه من فضلك|تم رفض الوصول|الوصول مرفوض|التحقق من انك|قبل المتابعه ال[يى]|قبل ان تتابع|(?:تسجيل|سجل) الدخول"
)
_PARKED_TITLES = re.compile(
    r"[\w-]+\.[\w.-]{2,80} (?:is|may be) for sale|(?:this |the )?domain (?:name )?(?:is |may be )?for sale|"
    r"buy this domain|(?:this )?(?:web ?site|domain) (?:is )?(?:parked|expired|suspended)|parked (?:domain|page)|"
    r"domain parking|account suspended|this account has been suspended|future home of|hugedomains|"
    # the domain, the name, is for sale, has expired; the account, the site is suspended
    r"(?:هذا )?(?:النطاق|الدومين|اسم النطاق) (?:معروض )?(?:للبيع|منتهي)|(?:الحساب|الموقع) (?:موقوف|معلق)|"
    r"(?:تم ايقاف|تم تعليق) (?:هذا )?(?:الحساب|الموقع)"
)
_PARKED_WORDS = re.compile(
    r"(?:this |the )?domain (?:name )?[\w.-]{0,80} ?(?:is|may be) for sale|(?:buy|purchase|inquire about) this domain|"
    r"this (?:domain|web ?page) (?:is|was) (?:parked|registered at)|domain (?:is |has )?(?:parked|expired)|"
    r"sponsored listings displayed above|renew (?:this|your) domain|this account has been suspended|"
    r"(?:هذا )?(?:النطاق|الدومين|اسم النطاق) (?:معروض )?للبيع|(?:تم ايقاف|تم تعليق) (?:هذا )?(?:الحساب|الموقع)|"
    r"انتهت صلاحيه (?:هذا )?(?:النطاق|الدومين)"
)
#: Dealers' own machinery: their pages say little else, so it counts only where there is no text to speak of.
_DEALERS = (
    "sedoparking.com",
    "parkingcrew.net",
    "bodis.com",
    "above.com/marketplace",
    "parklogic.com",
    "skenzo.com",
    "domainmarket.com",
    "hugedomains.com",
    "afternic.com",
    "dan.com/buy",
    "dan.com/domains",
    "wsimg.com/parking-lander",
    "/cgi-sys/suspendedpage.cgi",
)
_LANDER = re.compile(r"location\.(?:href|replace)\s*[=(]\s*[\"']/lander\b")
_WORDS = re.compile(
    r"enable javascript and cookies|checking (?:if the site connection is secure|your browser)|unusual traffic|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|complete the captcha|access to this page has been denied|"
    r"we (?:and our partners )?(?:value your privacy|use cookies)|accept all cookies|log ?in to (?:continue|read)|"
    r"يرجي تفعيل (?:جافا ?سكريبت|javascript)|(?:انت|انك) (?:لست )?(?:روبوت|انسان)|قبول (?:الكل|جميع ملفات)|"
    r"نحن وشركاو?ء?نا|(?:نقدر|نحترم) خصوصيتك|سجل(?:وا)? الدخول ل|ملفات تعريف الارتباط"  # cookies, privacy, log in to
)
#: Titles of an error that is answered as if it were a page: not found, the page is not there, an error, sorry.
_MISSING_TITLES = re.compile(
    r"(?:404|410|500|502|503)(?: (?:not found|error|page)| ?[-|:]|$)|(?:error|خطا) (?:رقم )?(?:404|410|500|502|503)"
    r"|page not found|not found|(?:عفوا|عذرا)[،, !.]+(?:هذه )?(?:ال)?صفحه"
    r"|(?:هذه )?(?:ال)?صفحه (?:\S+ ){0,3}غير موجوده|لم (?:يتم|نتمكن من) العثور علي|(?:ال)?صفحه غير متاحه"
    r"|(?:الصفحه|المحتوي) المطلوبه? غير"
)
_WORD = re.compile(r"[^\W\d_]+")
_ARTICLE = re.compile("^[وف]?(?:ال|بال|لل)")  #: with what stands before it
_STEM_CHARS = 4  #: of a word that says what a text is about
_NAMING_CHARS = 4_000  #: of a text, in which it names what its headline does; a wall is shorter
_FEWEST_NAMED = 2  #: words of a headline that its text repeats; one may be the name of the site
_FRONT_PATHS = re.compile(
    r"/?(?:(?:ar|en|arabic|home|main)/?)?(?:(?:index|default|home)\.(?:html?|php|aspx?))?", re.IGNORECASE
)


def tells_news(metadata: Metadata, body: str) -> bool:
    """Return whether the page dates itself as articles do, and its text speaks of what its headline names.

    News of cookie laws, hacked sites, logins and domains for sale has the words of walls; a wall has neither a date
    nor words of the article's headline. An article with a wall behind its first lines is one, too.
    """
    if not metadata.is_dated:
        return False
    stems = {_ARTICLE.sub("", word) for word in _WORD.findall(plain(metadata.title))}
    named, text = [stem for stem in stems if len(stem) >= _STEM_CHARS], plain(body[:_NAMING_CHARS])
    return sum(stem in text for stem in named) >= _FEWEST_NAMED


def refuse_missing(metadata: Metadata, body: str, url: str) -> None:
    """Return if the page come from `url` is not the answer of a site to an article that is gone.

    Raises:
        NotAnArticle: an error page, or the site's front page.
    """
    title = plain(metadata.title)
    if len(body) <= LONGEST_DEALER_CHARS and _MISSING_TITLES.match(title):
        raise NotAnArticle(url, f"the page is titled {title[:60]!r}")
    parts = urlsplit(url)
    if _FRONT_PATHS.fullmatch(parts.path) and not parts.query and not metadata.is_article:
        raise NotAnArticle(url, "a front page")


def refuse_walls(tree: HtmlElement, body: str, url: str) -> None:
    """Return if the page `tree`, come from `url`, may be an article.

    Args:
        tree: The page.
        body: What was taken for its article, empty where nothing was. A cookie banner beside a flash of two lines is
            no wall; where the banner is all the text there is, it is.
        url: After redirects.

    Raises:
        Blocked: a consent, login or challenge page.
        Parked: a page of a domain dealer, or of a host that has closed the account.
    """
    if _HOSTS.search(url) or _PATHS.search(url):
        raise Blocked(url, "a consent or login address")
    if len(body) > LONGEST_WALL_CHARS:
        return
    title = plain(next((element.text or "" for element in tree.iter("title")), ""))
    if _TITLES.match(title):
        raise Blocked(url, f"the page is titled {title[:60]!r}")
    words = plain(body or visible_text(tree)[: 2 * LONGEST_WALL_CHARS])
    _refuse_parked(tree, title, words, url)
    wall = _WORDS.search(words)
    if wall:
        raise Blocked(url, f"the page says {wall.group()!r}")
    if not body and (_has_password(tree) or _has_challenge(tree)):
        raise Blocked(url, "a login or challenge form in place of text")


def _refuse_parked(tree: HtmlElement, title: str, words: str, url: str) -> None:
    said = _PARKED_TITLES.match(title) or _PARKED_WORDS.search(words)
    if said:
        raise Parked(url, f"a parked or suspended domain ({said.group()[:60]!r})")
    if len(words) <= LONGEST_DEALER_CHARS and any(map(_is_dealers, _sources(tree))):
        raise Parked(url, "a parked or suspended domain (a dealer's script)")


def _is_dealers(source: str) -> bool:
    lowered = source.lower()  # a pattern that ignores case takes ten times as long
    return any(name in lowered for name in _DEALERS) or ("/lander" in lowered and _LANDER.search(lowered) is not None)


def visible_text(tree: HtmlElement) -> str:
    """Return the words of a page that a reader sees, its title apart."""
    pieces = (
        element.text or ""
        for element in tree.iter()
        if isinstance(element.tag, str) and element.tag not in {"script", "style", "noscript", "title", "template"}
    )
    tails = (element.tail or "" for element in tree.iter())
    return " ".join(" ".join((*pieces, *tails)).split())


def _has_password(tree: HtmlElement) -> bool:
    return any((field.get("type") or "").lower() == "password" for field in tree.iter("input"))


def _has_challenge(tree: HtmlElement) -> bool:
    return any(_SCRIPTS.search(source) for source in _sources(tree))


def _sources(tree: HtmlElement) -> Iterator[str]:
    """Yield what loads or makes the page: scripts, frames, refreshes."""
    for element in tree.iter("script", "iframe", "frame", "meta"):
        yield f"{element.get('src') or ''} {element.get('content') or ''} {element.text or ''}"
