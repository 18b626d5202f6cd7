"""Data: feeds, topic, entities, stance cues, counts and fingerprints. No command ever writes here."""
