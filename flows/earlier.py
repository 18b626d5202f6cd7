"""Owns what stood at the address of a page before: another text of the same article, or another article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flows.desk import Desk
from marsad.identity import key_of
from marsad.leads import Knowledge, lead_of
from marsad.records import Draft
from marsad.sketches import fingerprint_of
from marsad.stories import Telling
from marsad.tagging import tag_text
from marsad.versions import Changes, Version, find_changes, is_reused
from warehouse.transaction import Transaction


def told_apart(desk: Desk, transaction: Transaction, drafts: Sequence[Draft]) -> tuple[list[Draft], dict[int, str]]:
    """Return the drafts, each under the article that it is a text of, and the earlier texts of those kept already.

    A page whose address is used anew is an article of its own, named by address and words; where the address was used
    anew before, it may be a later text of what was found then.
    """
    kept = transaction.texts_at({draft.article.url for draft in drafts})
    placed = [_placed(desk.knowledge, draft, kept.get(draft.article.url, {})) for draft in drafts]
    earlier = {key: text for texts in kept.values() for key, text in texts.items()}
    return placed, {draft.article.id: earlier[draft.article.id] for draft in placed if draft.article.id in earlier}


def _placed(knowledge: Knowledge, draft: Draft, texts: Mapping[int, str]) -> Draft:
    if not texts:  # as of nearly all: nothing is read
        return draft
    after = Telling(lead_of(draft.article.text, knowledge), draft.fingerprint)
    for article_id, text in texts.items():
        if not is_reused(Telling(lead_of(text, knowledge), fingerprint_of(text)), after, knowledge):
            return replace(draft, article=replace(draft.article, id=article_id))
    own = key_of(f"{draft.article.url}\n{draft.fingerprint.text_key}")
    return replace(draft, article=replace(draft.article, id=own))


def changes_of(desk: Desk, text: str, draft: Draft) -> Changes:
    """Return what the draft changed of the text that stood there before."""
    title = text.partition("\n\n")[0]
    before = Version(title, text, tag_text(text, desk.topic, title))
    return find_changes(before, Version(draft.article.title, draft.article.text, draft.tagging))
