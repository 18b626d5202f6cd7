"""Owns what `marsad up` puts into a Prefect server before its worker starts: `python -m flows.installing PARENT`.

The work pool, the deployments of prefect.yaml, and what keeps them going for months: an automation that ends runs whose
process is gone, and at each start an end to runs that nobody works on. Every step can be done twice.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from flows.engine import HEARTBEAT_SECONDS, POOL, ROOT
from flows.lifeline import end_with_parent
from flows.programs import prefect_words

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.events.schemas.automations import AutomationCore

ZOMBIES = "Runs whose process is gone"  #: the automation's name
_SILENCE = timedelta(seconds=3 * HEARTBEAT_SECONDS)  #: as Prefect's own page on zombies advises


async def install() -> None:
    """Put the work pool and the automation into the server that $PREFECT_API_URL names, and tidy what a crash left."""
    from prefect.client.orchestration import get_client  # noqa: PLC0415  a second of imports

    async with get_client() as client:
        await _make_pool(client)
        await _make_automation(client)
        await _end_what_nobody_works_on(client)


async def _make_pool(client: PrefectClient) -> None:
    from prefect.client.schemas.actions import WorkPoolCreate  # noqa: PLC0415
    from prefect.exceptions import ObjectAlreadyExists  # noqa: PLC0415
    from prefect.workers.process import ProcessWorker  # noqa: PLC0415

    template = ProcessWorker.get_default_base_job_template()
    pool = WorkPoolCreate(name=POOL, type="process", base_job_template=template)
    with suppress(ObjectAlreadyExists):
        await client.create_work_pool(pool)


async def _make_automation(client: PrefectClient) -> None:
    wanted = zombie_automation()
    known = await client.read_automations_by_name(ZOMBIES)
    if not known:
        await client.create_automation(wanted)
    for one in known:
        await client.update_automation(one.id, wanted)


def zombie_automation() -> AutomationCore:
    """Return the automation: after a heartbeat neither another one nor an end for a while, and the run is Crashed."""
    from prefect.client.schemas.objects import StateType  # noqa: PLC0415
    from prefect.events.actions import ChangeFlowRunState  # noqa: PLC0415
    from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture  # noqa: PLC0415
    from prefect.events.schemas.events import ResourceSpecification  # noqa: PLC0415

    ends = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed", "Skipped")}
    return AutomationCore(
        name=ZOMBIES,
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *ends},
            match=ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=_SILENCE,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed", state=StateType.CRASHED, message="its process is gone; nothing is lost", force=False
            )
        ],
    )


async def _end_what_nobody_works_on(client: PrefectClient) -> None:
    """End the runs that the worker of an earlier start had in hand: it is gone, and they with it."""
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType  # noqa: PLC0415
    from prefect.client.schemas.objects import State, StateType  # noqa: PLC0415
    from prefect.states import Crashed  # noqa: PLC0415

    in_hand = FlowRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING, StateType.CANCELLING])
    wanted = FlowRunFilter(state=FlowRunFilterState(type=in_hand))
    for run in await client.read_flow_runs(flow_run_filter=wanted):
        gone: State[None] = Crashed(message="marsad was stopped meanwhile; nothing stored is lost")
        await client.set_flow_run_state(run.id, gone, force=True)


def main() -> None:
    """Install, then deploy what prefect.yaml names; the parent's id is the only argument."""
    end_with_parent(int(sys.argv[1]))
    asyncio.run(install())
    command = prefect_words("--no-prompt", "deploy", "--all")
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)  # noqa: S603  our own command line


if __name__ == "__main__":
    main()
