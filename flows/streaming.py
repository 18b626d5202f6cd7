"""Owns answering a stream in its order, each item as soon as it is ready, while later ones are read and in work.

Whoever writes one line and waits for its answer must get it: so the stream is read by a thread of its own, and what
waits for the next line does not hold back an answer. Only so much is read ahead as is allowed, which bounds memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TypeVar

_Item = TypeVar("_Item")
_Answer = TypeVar("_Answer")


def in_order(
    items: Iterable[_Item], begin: Callable[[_Item], Future[_Answer]], most_ahead: int
) -> Iterator[tuple[_Item, Future[_Answer]]]:
    """Yield each of `items` with its future, which is done.

    Args:
        items: Read in another thread; what it raises is raised here.
        begin: Starts the work on one item; called in this thread, in the order of the items.
        most_ahead: Items read and not yet yielded.
    """
    news: SimpleQueue[tuple[_Item] | BaseException | None] = SimpleQueue()  # an item, how reading ended, an answer
    places = Semaphore(most_ahead)
    # A daemon: a read that never returns must not keep the program from ending.
    Thread(target=_read, args=(items, news, places), daemon=True, name="read lines").start()
    waiting: deque[tuple[_Item, Future[_Answer]]] = deque()
    is_open = True
    while is_open or waiting:
        match news.get():
            case (item,):
                future = begin(item)
                waiting.append((item, future))
                future.add_done_callback(lambda _: news.put(None))
            case BaseException() as end:
                is_open = False
                if not isinstance(end, EOFError):
                    raise end
            case None:
                while waiting and waiting[0][1].done():
                    yield waiting.popleft()
                    places.release()


def _read(items: Iterable[_Item], news: SimpleQueue[tuple[_Item] | BaseException | None], places: Semaphore) -> None:
    try:
        for item in items:
            places.acquire()
            news.put((item,))
    except BaseException as error:  # noqa: BLE001  raised again where the answers are waited for
        news.put(error)
    else:
        news.put(EOFError())
