"""What goes wrong between a producer and Posthorn."""

from __future__ import annotations

from typing import Any, Optional


class PosthornProblem(Exception):
    """The API refused a request (RFC 9457): decide by ``code`` or ``status``; the message is for people."""

    def __init__(self, problem: dict[str, Any], retry_after_seconds: Optional[float] = None) -> None:
        super().__init__(str(problem["detail"]))
        self.status: int = problem["status"]
        self.code: str = problem["code"]
        self.errors: list[dict[str, Any]] = problem["errors"]
        self.request_id: str = problem["request_id"]
        self.retry_after_seconds = retry_after_seconds


class PosthornUnreachable(Exception):
    """Whether a request was carried out is unknown: no answer came, or none of Posthorn's."""
