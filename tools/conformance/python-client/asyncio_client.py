"""The client for asyncio: publishes at once, in batches and by a bad network, and reads a list to its end."""

import asyncio
import os

from posthorn._protocol import Retries
from posthorn.aio import AsyncPosthorn
from posthorn.problems import PosthornProblem

CUSTOMER = "python-asyncio"
KEY = os.environ["POSTHORN_API_KEY"]


def event(number: int) -> dict:
    return {"event": "job.completed", "customer_id": CUSTOMER, "data": {"job_id": f"job_{number}"}}


async def main() -> None:
    retries = Retries(max_retries=30, max_delay_seconds=0.01)
    async with AsyncPosthorn(os.environ["POSTHORN_UNRELIABLE_URL"], KEY, retries=retries) as posthorn:
        await asyncio.gather(*(posthorn.publish(event(number)) for number in range(20)))
        accepted = await posthorn.publish_batch([event(number) for number in range(20, 150)])
        assert len(accepted) == 130
        ids = {one["id"] async for one in posthorn.list("/v1/events", customer_id=CUSTOMER)}
        assert len(ids) == 150, len(ids)
        try:
            await posthorn.publish({"event": "no.such", "data": {}})
            raise AssertionError("an unknown type was accepted")
        except PosthornProblem as problem:
            assert problem.status == 422 and problem.errors[0]["code"] == "unknown_event_type"


asyncio.run(main())
