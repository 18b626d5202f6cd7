"""Numbered changes of schema core, each applied once in one transaction and remembered with its checksum."""
