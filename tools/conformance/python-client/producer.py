"""A producer whose network breaks and that is killed again and again: its outbox ends as exactly 1,000 events."""

import os
import random
import sqlite3
import subprocess
import sys

from posthorn._protocol import Retries
from posthorn.client import Posthorn
from posthorn.outbox import SQLITE_TABLE, SqlOutbox, drain

EVENTS = 1_000
CUSTOMER = "python-producer"
KEY = os.environ["POSTHORN_API_KEY"]
FILE = "outbox.db"


def main() -> None:
    if sys.argv[1:] == ["drain"]:
        retries = Retries(max_retries=1, max_delay_seconds=0.01)
        with Posthorn(os.environ["POSTHORN_UNRELIABLE_URL"], KEY, retries=retries) as posthorn:
            drain(posthorn, SqlOutbox(sqlite3.connect(FILE)), batch_size=20)
        return
    fill()
    starts = killed = 0
    chance = random.Random(5)
    while True:
        starts += 1
        producer = subprocess.Popen([sys.executable, __file__, "drain"], stderr=subprocess.DEVNULL)
        try:
            if producer.wait(timeout=chance.uniform(0.5, 4)) == 0:
                break
        except subprocess.TimeoutExpired:
            producer.kill()
            producer.wait()
            killed += 1
    with Posthorn(os.environ["POSTHORN_URL"], KEY) as posthorn:
        ids = {event["id"] for event in posthorn.list("/v1/events", customer_id=CUSTOMER)}
    print(f"{starts} starts, {killed} of them killed: {len(ids)} events")
    assert starts > 1
    assert len(ids) == EVENTS


def fill() -> None:
    if os.path.exists(FILE):
        os.remove(FILE)
    connection = sqlite3.connect(FILE)
    connection.execute(SQLITE_TABLE)
    outbox = SqlOutbox(connection)
    for number in range(EVENTS):
        outbox.add({"event": "job.completed", "customer_id": CUSTOMER, "data": {"job_id": f"job_{number}"}})
    connection.commit()
    connection.close()


main()
