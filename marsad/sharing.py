"""Owns which of several workers asks which hosts: one host is asked by one worker, so that its wishes are kept."""

from __future__ import annotations

from marsad.errors import BadInput
from marsad.identity import key_of
from marsad.settings import WorkerSettings
from marsad.urls import host_of, site_of


def is_own(url: str, workers: WorkerSettings) -> bool:
    """Say whether this worker asks the host of `url`.

    Hosts of one site go together: the one often leads to the other.
    """
    return workers.count == 1 or key_of(_site(url)) % workers.count == workers.number - 1


def _site(url: str) -> str:
    try:
        return site_of(host_of(url))
    except BadInput:  # of an entry whose link is none: somebody has to say so
        return url
