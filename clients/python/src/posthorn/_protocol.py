"""Requests, their repetition and what answers mean, without any input or output: ``client`` and ``aio`` drive it."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Optional, TypeVar, Union

from posthorn.problems import PosthornProblem, PosthornUnreachable

T = TypeVar("T")
Event = Mapping[str, Any]

_MOST_EVENTS = 1_000
_MOST_BYTES = 8 * 1024 * 1024
_FIRST_DELAY_SECONDS = 0.2
_PASSING = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Retries:
    """How requests are repeated."""

    max_retries: int = 5
    max_delay_seconds: float = 30.0


@dataclass(frozen=True)
class Request:
    """One request to the API."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Optional[bytes] = None


@dataclass(frozen=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Pause:
    """Waits before the next step."""

    seconds: float


Step = Union[Request, Pause]
Outcome = Union[Answer, PosthornUnreachable, None]
# Asks for steps one after another, is told how each came out, and returns a result.
Steps = Generator[Step, Outcome, T]


def call(request: Request, retries: Retries, *, always: bool = False) -> Steps[Any]:
    """The JSON of an answer, None where that is empty. Repeats what may be repeated."""
    repeatable = always or request.method in ("GET", "PUT") or "Idempotency-Key" in request.headers
    tries = 0
    while True:
        outcome = yield request
        if isinstance(outcome, Answer) and 200 <= outcome.status < 300:
            return json.loads(outcome.body) if outcome.body else None
        error = _error_of(outcome)
        if tries >= retries.max_retries or not _is_passing(error, repeatable):
            raise error
        yield Pause(_delay(tries, error, retries))
        tries += 1


def publish(event: Event, idempotency_key: Optional[str], retries: Retries) -> Steps[dict[str, Any]]:
    """Publishes one event under one key, however often it is tried."""
    headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
    accepted: dict[str, Any] = yield from call(_post("/v1/events", event, headers), retries)
    return accepted


def publish_batch(events: Iterable[Event], retries: Retries) -> Steps[list[dict[str, Any]]]:
    """Publishes events in batches that the API takes at once, and answers in their order."""
    accepted: list[dict[str, Any]] = []
    keyed = [{**event, "idempotency_key": event.get("idempotency_key") or str(uuid.uuid4())} for event in events]
    for batch in _in_batches(keyed):
        answer = yield from call(_post("/v1/events/batch", {"events": batch}, {}), retries, always=True)
        accepted.extend(answer["events"])
    return accepted


def page(path: str, query: Mapping[str, Any], cursor: Optional[str]) -> Request:
    """Asks for one page of a list."""
    return Request("GET", path, {"limit": 100, **query, **({} if cursor is None else {"cursor": cursor})})


def request(method: str, path: str, query: Optional[Mapping[str, Any]], body: Any, key: Optional[str]) -> Request:
    """Any request to the API."""
    headers = {} if key is None else {"Idempotency-Key": key}
    if body is None:
        return Request(method, path, query or {}, headers)
    return Request(method, path, query or {}, {**headers, "Content-Type": "application/json"}, _bytes_of(body))


def _post(path: str, body: Any, headers: Mapping[str, str]) -> Request:
    return Request("POST", path, {}, {**headers, "Content-Type": "application/json"}, _bytes_of(body))


def _bytes_of(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _in_batches(events: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    batches: list[list[dict[str, Any]]] = []
    size = 0
    for event in events:
        length = len(_bytes_of(event))
        if not batches or len(batches[-1]) == _MOST_EVENTS or size + length > _MOST_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(event)
        size += length
    return batches


def _error_of(outcome: Outcome) -> Union[PosthornProblem, PosthornUnreachable]:
    if not isinstance(outcome, Answer):
        return outcome or PosthornUnreachable("no answer came")
    try:
        problem = json.loads(outcome.body)
        return PosthornProblem(problem, _retry_after(outcome))
    except (ValueError, KeyError, TypeError):
        return PosthornUnreachable(f"What answers with {outcome.status} is no Posthorn")


def _retry_after(answer: Answer) -> Optional[float]:
    text = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _is_passing(error: Union[PosthornProblem, PosthornUnreachable], repeatable: bool) -> bool:
    if isinstance(error, PosthornProblem) and error.status == 429:
        return True
    if not repeatable or isinstance(error, PosthornUnreachable):
        return repeatable
    # The first try of this very request may still be under way.
    return error.status in _PASSING or error.code == "idempotency_key_in_use"


def _delay(tries: int, error: Union[PosthornProblem, PosthornUnreachable], retries: Retries) -> float:
    wanted = error.retry_after_seconds or 0.0 if isinstance(error, PosthornProblem) else 0.0
    backoff = _FIRST_DELAY_SECONDS * float(2**tries) * (0.5 + random.random() / 2)
    return min(retries.max_delay_seconds, max(wanted, backoff))
