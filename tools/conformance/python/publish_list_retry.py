"""Publishes an event, finds its delivery in a list and has it sent once more, by the generated client."""

import os
import time

from posthorn_client import AuthenticatedClient
from posthorn_client.api.deliveries import deliveries_list, deliveries_retry
from posthorn_client.api.events import events_publish
from posthorn_client.models import AcceptedEvent, Delivery, DeliveryList, DeliveryStatus, NewEvent

client = AuthenticatedClient(base_url=os.environ["POSTHORN_URL"], token=os.environ["POSTHORN_KEY"])


def delivered(event_id: str) -> Delivery:
    for _ in range(300):
        listed = deliveries_list.sync(client=client, event_id=event_id, limit=1)
        assert isinstance(listed, DeliveryList), listed
        if listed.items and listed.items[0].status == DeliveryStatus.DELIVERED:
            return listed.items[0]
        time.sleep(0.1)
    raise SystemExit(f"event {event_id} is not delivered")


event = NewEvent.from_dict({"event": "job.completed", "customer_id": "acme", "data": {"job_id": "job_7"}})
published = events_publish.sync(client=client, body=event)
assert isinstance(published, AcceptedEvent), published
delivery = delivered(published.id)
retried = deliveries_retry.sync(delivery.id, client=client)
assert isinstance(retried, Delivery) and retried.id == delivery.id, retried
