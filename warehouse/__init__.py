"""What is kept: the only package that says SQL, and the archive of pages.

core = Core(folder)                    the writer's file; nothing stays open between calls
core.create_or_migrate()
core.feed_states(), core.unseen(entries), core.known_claims(entries), core.append_polls(PollBatch) -> bool
core.pending_entries(now, limit) -> list[PendingEntry]
with core.writing() as tx:             one transaction; known batch ids leave nothing behind
tx.append_sketches(sketches, on)   on: the day (UTC)
hoods = tx.neighbourhoods(sketches, on, fingerprints)   by article id; fingerprints of the batch's own texts
tx.story_ids(hoods)                stories of all neighbours, by article id
tx.append_articles(ArticleBatch) -> what was stored | None
core.append_entities(entities, at), core.start_run(run_id, at), core.finish_run(summary, at)
core.publish()                         readers see all of it, at once
backup.back_up(folder, file), backup.restore(file, folder) -> where what stood there is kept | None

reader = Reader(folder)                the published file, reached by nothing else
reader.query(sql, parameters) -> Table, reader.export_parquet(sql, path)
reader.coverage, speaker_stances, entity_counts, outlet_counts, pieces, audit_counts (since, until), feed_health(now)
reader.is_published, reader.told_until()

Archive(folder / "archive").append_all(pages) -> list[ArchivePointer], .append(page), .read(pointer) -> Page
forgetting.forget_page(archive, url), .trim_archive(archive, before)
Replaying(core).archived_pages(since), .article_days(since), .kept_texts(ids)
replaying.append_readings(transaction, batch, readings), .append_standings(transaction, batch, standings)
with Outbox(core).only_sender():           one composes and sends at a time
outbox.memories(now), .told(now), .keep(tellings, now), .queue(deliveries, now)
outbox.due(now), .mark(tried, now), .refused(since), .unsent(since), .forget(before, now)
"""
