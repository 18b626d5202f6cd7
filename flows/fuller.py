"""Owns the second look at a page that holds little or no text: its AMP version, where that says more.

It is asked for under the manners of any page. Its text is taken where it is longer and the version names the same
article as its own; so a replay, which reads the newest page of an article, comes to the same text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from extractors.pool import Job
from flows.asking import Asking
from flows.desk import Desk
from flows.reading import Extracted
from flows.sources import Tools
from marsad.articles import Article, BodyKind, Drop
from marsad.errors import MarsadError
from marsad.identity import key_of
from marsad.sources import Page
from marsad.urls import canonical_url
from transport.fetch import Request


async def with_amp(desk: Desk, tools: Tools, extracted: Sequence[Extracted], asking: Asking) -> list[Extracted]:
    """Return what was extracted, thin pages replaced by their AMP version where it says more.

    Args:
        desk: settings and archive.
        tools: what fetches and reads.
        extracted: of one chunk.
        asking: whether anything is asked for.
    """
    thin = [number for number, one in enumerate(extracted) if one.amp_url]
    if not thin or asking.is_over:
        return list(extracted)
    answers = await asyncio.gather(*(asking.ask(_page, desk, tools, extracted[number].amp_url) for number in thin))
    had = [(number, page) for number, page in zip(thin, answers, strict=True) if page is not None]
    fuller = await asyncio.to_thread(_fuller, desk, tools, [(extracted[number], page) for number, page in had])
    found = dict(zip((number for number, _ in had), fuller, strict=True))
    return [found.get(number, one) for number, one in enumerate(extracted)]


async def _page(desk: Desk, tools: Tools, url: str) -> Page | None:
    limits = desk.place.settings.fetch
    request = Request(url, limit_bytes=limits.page_limit_bytes, deadline_seconds=limits.page_deadline_seconds)
    try:
        return await tools.fetcher.get_allowed(request)
    except MarsadError:  # the page itself was had, and stands as it is
        return None


def _fuller(desk: Desk, tools: Tools, pairs: Sequence[tuple[Extracted, Page]]) -> list[Extracted]:
    zones = {feed.url: feed.zone for feed in desk.feeds}
    pointers = desk.archive.append_all([page for _, page in pairs])
    jobs = [Job(page, zones.get(one.pending.entry.feed_url, "UTC"), one.pending.outlet.name) for one, page in pairs]
    outcomes = tools.pool.extract(jobs)
    return [
        replace(one, pointer=pointer, outcome=outcome, further=(one.pointer,)) if _says_more(outcome, one) else one
        for (one, _), pointer, outcome in zip(pairs, pointers, outcomes, strict=True)
    ]


def _says_more(outcome: Article | Drop, before: Extracted) -> bool:
    if isinstance(outcome, Drop) or outcome.kind is not BodyKind.FULL:
        return False
    if isinstance(before.outcome, Drop):
        return outcome.id == key_of(canonical_url(before.outcome.url))
    return outcome.id == before.outcome.id and len(outcome.body) > len(before.outcome.body)
