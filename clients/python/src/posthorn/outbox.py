"""Events that wait in a table of the producer's own database until Posthorn has them."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from posthorn._protocol import Event
from posthorn.client import Posthorn
from posthorn.problems import PosthornProblem

# Refusals that are about the moment or the key, and say nothing about an event.
_NOT_ITS_FAULT = {401, 403, 408, 409, 425, 429}

SQLITE_TABLE = """CREATE TABLE IF NOT EXISTS posthorn_outbox (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, event TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'waiting',
  refusal TEXT)"""
POSTGRES_TABLE = SQLITE_TABLE.replace("INTEGER PRIMARY KEY", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY")


@dataclass(frozen=True)
class Entry:
    """An event that waits; its key makes it one event, however often it is sent."""

    key: str
    event: Event


class OutboxStore(Protocol):
    """Where events wait."""

    def next(self, limit: int) -> list[Entry]:
        """The oldest entries that are neither published nor refused."""

    def published(self, keys: list[str]) -> None:
        """Notes that these are stored in Posthorn."""

    def refused(self, key: str, problem: PosthornProblem) -> None:
        """Notes that Posthorn refuses this one as it is, for people to look at."""


class SqlOutbox:
    """The outbox in any database of DB-API: ``marker`` is ``?`` for sqlite3 and ``%s`` for psycopg."""

    def __init__(self, connection: Any, marker: str = "?") -> None:
        self._connection = connection
        self._marker = marker

    def add(self, event: Event) -> None:
        """Puts an event into the outbox, in the open transaction; commit it with the change that it tells of."""
        self._execute("INSERT INTO posthorn_outbox (key, event) VALUES (?, ?)", str(uuid.uuid4()), json.dumps(event))

    def next(self, limit: int) -> list[Entry]:
        """The oldest entries that wait."""
        text = "SELECT key, event FROM posthorn_outbox WHERE state = 'waiting' ORDER BY id LIMIT ?"
        return [Entry(key, json.loads(event)) for key, event in self._execute(text, limit).fetchall()]

    def published(self, keys: list[str]) -> None:
        """Commits that these are stored."""
        for key in keys:
            self._execute("UPDATE posthorn_outbox SET state = 'published' WHERE key = ?", key)
        self._connection.commit()

    def refused(self, key: str, problem: PosthornProblem) -> None:
        """Commits why this one is set aside."""
        refusal = f"{problem.code}: {problem}"
        self._execute("UPDATE posthorn_outbox SET state = 'refused', refusal = ? WHERE key = ?", refusal, key)
        self._connection.commit()

    def _execute(self, text: str, *values: Any) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(text.replace("?", self._marker), values)
        return cursor


def drain(posthorn: Posthorn, store: OutboxStore, batch_size: int = 200) -> tuple[int, int]:
    """
    Publishes what waits, oldest first, until nothing does; answers how many were published and refused. Raises where
    Posthorn cannot be reached: call it again later. Nothing is published twice within the 24 hours for which keys are
    kept.
    """
    published = refused = 0
    while True:
        entries = store.next(batch_size)
        if not entries:
            return published, refused
        refusals = _publish(posthorn, store, entries)
        refused += refusals
        published += len(entries) - refusals


def _publish(posthorn: Posthorn, store: OutboxStore, entries: list[Entry]) -> int:
    """Publishes entries together; if one of them is refused, each by itself."""
    try:
        posthorn.publish_batch({**entry.event, "idempotency_key": entry.key} for entry in entries)
    except PosthornProblem as problem:
        if not _is_its_fault(problem):
            raise
        if len(entries) > 1:
            return sum(_publish(posthorn, store, [entry]) for entry in entries)
        store.refused(entries[0].key, problem)
        return 1
    store.published([entry.key for entry in entries])
    return 0


def _is_its_fault(problem: PosthornProblem) -> bool:
    if problem.code == "idempotency_key_reused":
        return True
    return problem.status < 500 and problem.status not in _NOT_ITS_FAULT
