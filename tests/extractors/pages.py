"""Pages for the tests of extraction, written for them."""

from __future__ import annotations

from datetime import UTC, datetime

from marsad.sources import Page

FETCHED_AT = datetime(2025, 6, 10, 12, 0, tzinfo=UTC)
URL = "https://news.example.org/2025/story-17"
TITLE = "وزير النقل يفتتح جسرا جديدا فوق النهر"  # the minister of transport opens a new bridge
PARAGRAPHS = (
    "افتتح وزير النقل صباح اليوم جسرا جديدا يربط ضفتي النهر شمالي المدينة، بعد أعمال استمرت أربع سنوات وتأخرت مرتين.",
    "وقال الوزير في كلمة قصيرة أمام الحاضرين إن الجسر سيختصر الطريق إلى الميناء من ساعة كاملة إلى عشرين دقيقة تقريبا.",
    "وأضاف أن الوزارة تدرس بناء جسر ثالث إلى الجنوب، لكن تمويله لم يتقرر بعد ولم يحدد موعد لبدء العمل فيه.",
    "ورحب سكان الحي المجاور بالافتتاح، غير أن بعضهم أبدى خشيته من زيادة الضجيج والغبار في الأشهر المقبلة.",
)
BODY = "\n".join(PARAGRAPHS)


def html(
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    *,
    head: str = "",
    behind_title: str = "",
    after: str = "",
    title: str = TITLE,
) -> str:
    """Return a page with a menu, a headline, `paragraphs` and a footer."""
    text = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>{title} - مرآة النهر</title>
{head}</head>
<body><nav><a href="/">الرئيسية</a> <a href="/sport">رياضة</a> <span>الثلاثاء 10 يونيو 2025</span></nav>
<main><article><h1>{title}</h1>{behind_title}
{text}
</article>{after}</main><footer><p>جميع الحقوق محفوظة لمرآة النهر 2025</p></footer></body></html>"""


def page_of(
    body: str | bytes, *, url: str = URL, content_type: str | None = "text/html", encoding: str = "utf-8"
) -> Page:
    """Return a page with `body`; text is written in `encoding`."""
    data = body.encode(encoding) if isinstance(body, str) else body
    headers = (("content-type", content_type),) if content_type is not None else ()
    return Page(url, url, 200, headers, data, FETCHED_AT)
