"""A client of one Posthorn, for threads."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Optional, TypeVar

import httpx

from posthorn import _protocol
from posthorn._protocol import Answer, Event, Outcome, Pause, Request, Retries, Steps
from posthorn.problems import PosthornUnreachable

T = TypeVar("T")


class Posthorn:
    """
    Publishes events and talks to the API. Requests are repeated where that is safe; refusals are raised as
    ``PosthornProblem``.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout_seconds: float = 30.0,
        retries: Optional[Retries] = None,
        transport: Optional[httpx.BaseTransport] = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._retries = retries or Retries()
        self._http = httpx.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=timeout_seconds, transport=transport
        )

    def publish(self, event: Event, *, idempotency_key: Optional[str] = None) -> dict[str, Any]:
        """
        Publishes an event: once it returns, the event is stored. Tries are repeated under one key; give a key of your
        own where the whole call may be repeated.
        """
        return self._run(_protocol.publish(event, idempotency_key, self._retries))

    def publish_batch(self, events: Iterable[Event]) -> list[dict[str, Any]]:
        """
        Publishes any number of events, up to 1,000 at once, each batch as a whole. Where every event has an
        ``idempotency_key`` the call can be repeated.
        """
        return self._run(_protocol.publish_batch(events, self._retries))

    def list(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a list, newest first: ``posthorn.list("/v1/deliveries", status="dead")``."""
        cursor: Optional[str] = None
        while True:
            found = self._run(_protocol.call(_protocol.page(path, query, cursor), self._retries))
            yield from found["items"]
            cursor = found["next_cursor"]
            if cursor is None:
                return

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Optional[Mapping[str, Any]] = None,
        body: Any = None,
        idempotency_key: Optional[str] = None,
    ) -> Any:
        """Any route of the API: the JSON of its answer."""
        return self._run(
            _protocol.call(_protocol.request(method, path, query, body, idempotency_key), self._retries)
        )

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()

    def __enter__(self) -> Posthorn:
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def _run(self, steps: Steps[T]) -> T:
        outcome: Outcome = None
        try:
            while True:
                step = steps.send(outcome)
                if isinstance(step, Pause):
                    time.sleep(step.seconds)
                    outcome = None
                else:
                    outcome = self._send(step)
        except StopIteration as end:
            result: T = end.value
            return result

    def _send(self, request: Request) -> Outcome:
        try:
            response = self._http.request(
                request.method,
                request.path,
                params=dict(request.query),
                headers=dict(request.headers),
                content=request.body,
            )
            return Answer(response.status_code, response.headers, response.content)
        except httpx.TransportError as error:
            unreachable = PosthornUnreachable(f"No API answers at {self._http.base_url}: {error}")
            unreachable.__cause__ = error
            return unreachable
