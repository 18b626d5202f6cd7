"""Until when the web is asked: what is over, what is given up, and what comes to its end all the same."""

from __future__ import annotations

import asyncio

import pytest

from flows.asking import Asking, with_last_words


async def test_a_question_that_waits_is_given_up_at_a_stop_and_none_follows() -> None:
    asking, begun = Asking(), asyncio.Event()

    async def question() -> str:
        begun.set()
        await asyncio.Event().wait()
        return "answer"

    waiting = asyncio.create_task(asking.ask(question))
    await begun.wait()
    asking.stop()
    assert await waiting is None
    assert await asking.ask(asyncio.sleep, 0, "answer") is None


async def test_when_the_time_is_over_no_question_begins_and_those_that_wait_get_their_answer() -> None:
    asking, may_answer = Asking(), asyncio.Event()

    async def question() -> str:
        await may_answer.wait()
        return "answer"

    waiting = asyncio.create_task(asking.ask(question))
    await asyncio.sleep(0)
    asking.end_after(0)
    assert await asking.ask(question) is None
    may_answer.set()
    assert await waiting == "answer"


async def test_a_question_that_takes_too_long_by_itself_says_so() -> None:
    async def question() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        await Asking().ask(question)


class Work:
    """Asks until it may not, then does what is left to do."""

    def __init__(self) -> None:
        self.asking, self.has_begun, self.may_end = Asking(), asyncio.Event(), asyncio.Event()
        self.is_done = False

    async def do(self) -> None:
        self.has_begun.set()
        await self.asking.ask(asyncio.Event().wait)
        await self.may_end.wait()
        self.is_done = True

    async def begun(self) -> asyncio.Task[None]:
        task = asyncio.create_task(with_last_words(self.do(), self.asking))
        await self.has_begun.wait()
        task.cancel()
        while not self.asking.is_stopped:  # noqa: ASYNC110  what is waited for is a step of the loop
            await asyncio.sleep(0)
        return task


async def test_work_that_is_cancelled_once_comes_to_its_end() -> None:
    work = Work()
    task = await work.begun()
    work.may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert work.is_done


async def test_work_that_is_cancelled_twice_is_given_up() -> None:
    work = Work()
    task = await work.begun()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not work.is_done


async def test_work_that_takes_too_long_to_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.asking._LAST_SECONDS", 0.01)
    work = Work()
    with pytest.raises(asyncio.CancelledError):
        await (await work.begun())
    assert not work.is_done


async def test_an_error_in_the_last_words_is_told() -> None:
    has_begun, may_end = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        has_begun.set()
        await may_end.wait()
        raise LookupError

    task = asyncio.create_task(with_last_words(work(), Asking()))
    await has_begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    may_end.set()
    with pytest.raises(LookupError):
        await task
