"""Owns the pages that stand in an article's place: consent, login, challenge.

They answer 200 with well-formed text, so that without a check "we value your privacy" becomes the most reported story
of the day. A word of a wall in a long article proves nothing: an article may be about captchas.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from marsad.datewords import plain
from marsad.errors import Blocked

LONGEST_WALL_CHARS = 1_500  #: of a body; consent and challenge pages say little
_HOSTS = re.compile(r"^https?://(?:consent|guce|login|signin|auth|accounts|sso|idp|captcha)\.", re.IGNORECASE)
_PATHS = re.compile(r"^https?://[^/]+/(?:login|signin|sign-in|consent|captcha|cdn-cgi/challenge)\b", re.IGNORECASE)
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
_WORDS = re.compile(
    r"enable javascript and cookies|checking (?:if the site connection is secure|your browser)|unusual traffic|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|complete the captcha|access to this page has been denied|"
    r"we (?:and our partners )?(?:value your privacy|use cookies)|accept all cookies|log ?in to (?:continue|read)|"
    r"يرجي تفعيل (?:جافا ?سكريبت|javascript)|(?:انت|انك) (?:لست )?(?:روبوت|انسان)|قبول (?:الكل|جميع ملفات)|"
    r"نحن وشركاو?ء?نا|(?:نقدر|نحترم) خصوصيتك|سجل(?:وا)? الدخول ل|ملفات تعريف الارتباط"  # cookies, privacy, log in to
)


def refuse_walls(tree: HtmlElement, body: str, url: str) -> None:
    """Return if the page `tree`, come from `url`, may be an article.

    Args:
        tree: The page.
        body: What was taken for its article, empty where nothing was. A cookie banner beside a flash of two lines is
            no wall; where the banner is all the text there is, it is.
        url: After redirects.

    Raises:
        Blocked: a consent, login or challenge page.
    """
    if _HOSTS.search(url) or _PATHS.search(url):
        raise Blocked(url, "a consent or login address")
    if len(body) > LONGEST_WALL_CHARS:
        return
    title = plain(next((element.text or "" for element in tree.iter("title")), ""))
    if _TITLES.match(title):
        raise Blocked(url, f"the page is titled {title[:60]!r}")
    wall = _WORDS.search(plain(body or _visible(tree)[: 2 * LONGEST_WALL_CHARS]))
    if wall:
        raise Blocked(url, f"the page says {wall.group()!r}")
    if not body and (_has_password(tree) or _has_challenge(tree)):
        raise Blocked(url, "a login or challenge form in place of text")


def _visible(tree: HtmlElement) -> str:
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
    return any(_SCRIPTS.search(f"{script.get('src') or ''} {script.text or ''}") for script in tree.iter("script"))
