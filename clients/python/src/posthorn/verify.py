"""Verification of received webhooks, by the standard library alone."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, Optional, Union

TOLERANCE_SECONDS = 300

_HEX_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}")
_ENTRY = re.compile(r"v1,[A-Za-z0-9+/]{43}=")
_UNIX_SECONDS = re.compile(r"[0-9]{1,10}")
_PREFIX = "whsec_"


class WebhookVerificationError(Exception):
    """A request that is not genuine, or too old: ``code`` for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def verify(payload: Union[bytes, str], signature: object, secret: str) -> bool:
    """
    Whether ``sha256=…`` signs the payload: the raw body with ``X-Webhook-Signature``, or the body with its own
    signature emptied.
    """
    if not isinstance(signature, str):
        return False
    expected = "sha256=" + hmac.new(secret.encode(), _bytes_of(payload), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))


def verify_webhook(
    raw_body: Union[bytes, str],
    headers: Mapping[str, str],
    secret: Union[str, Sequence[str]],
    *,
    tolerance_seconds: float = TOLERANCE_SECONDS,
    now: Optional[float] = None,
) -> Any:
    """
    The parsed body of a genuine and fresh request. The best signature present decides: the Standard Webhooks headers,
    else ``X-Webhook-Signature``, else the body's own. ``raw_body`` is what came, before any parsing. Several secrets:
    one of them signs. Raises ``WebhookVerificationError`` only.
    """
    body = _bytes_of(raw_body)
    event = _parse(body)
    secrets = [secret] if isinstance(secret, str) else list(secret)
    given = {name.lower(): value for name, value in headers.items()}
    if "webhook-signature" in given:
        signed_at = _check_standard(given, body, secrets)
    else:
        signed_at = _check_envelope(given.get("x-webhook-signature"), body, event, secrets)
    age = (time.time() if now is None else now) - signed_at
    # Asked this way round, a broken clock refuses.
    if not abs(age) <= tolerance_seconds:
        code = "timestamp_too_old" if age > 0 else "timestamp_too_new"
        away = f"The timestamp is {abs(age):.0f} s away; {tolerance_seconds} s are allowed."
        raise WebhookVerificationError(code, away)
    return event


def _check_standard(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> float:
    missing = [name for name in ("webhook-id", "webhook-timestamp") if name not in headers]
    if missing:
        raise WebhookVerificationError("signature_missing", f"The header {missing[0]} is missing.")
    seconds = headers["webhook-timestamp"]
    if not _UNIX_SECONDS.fullmatch(seconds):
        raise WebhookVerificationError("timestamp_malformed", "webhook-timestamp must be Unix seconds in digits.")
    # Entries of other versions are passed over, as Standard Webhooks asks.
    entries = [entry for entry in headers["webhook-signature"].split(" ") if _ENTRY.fullmatch(entry)]
    signed = f"{headers['webhook-id']}.{seconds}.".encode() + body
    for secret in secrets:
        digest = hmac.new(_raw_key(secret), signed, hashlib.sha256).digest()
        expected = b"v1," + base64.b64encode(digest)
        if any(hmac.compare_digest(expected, entry.encode()) for entry in entries):
            return float(seconds)
    raise WebhookVerificationError(
        "signature_mismatch", "No entry of webhook-signature matches id, timestamp, body and secret."
    )


def _check_envelope(header: Optional[str], body: bytes, event: Any, secrets: Sequence[str]) -> float:
    own = event.get("signature") if isinstance(event, dict) else None
    # A body with its signature emptied must not pass with that signature as its header.
    if not isinstance(own, str) or not _HEX_SIGNATURE.fullmatch(own):
        raise WebhookVerificationError("signature_malformed", "The body has no signature of its own.")
    signed, signature = (body, header) if header is not None else (body.replace(own.encode(), b"", 1), own)
    if not any(verify(signed, signature, secret) for secret in secrets):
        raise WebhookVerificationError("signature_mismatch", "The signature does not match body and secret.")
    try:
        signed_at = datetime.strptime(event["timestamp"], "%Y-%m-%dT%H:%M:%SZ")
    except (KeyError, TypeError, ValueError) as error:
        malformed = "The body's timestamp is missing or malformed."
        raise WebhookVerificationError("timestamp_malformed", malformed) from error
    return signed_at.replace(tzinfo=timezone.utc).timestamp()


def _raw_key(secret: str) -> bytes:
    try:
        if secret.startswith(_PREFIX):
            return base64.b64decode(secret[len(_PREFIX) :], validate=True)
    except binascii.Error:
        pass
    raise WebhookVerificationError("secret_malformed", "A secret is whsec_ and base64.")


def _bytes_of(text: Union[bytes, str]) -> bytes:
    try:
        return text.encode() if isinstance(text, str) else bytes(text)
    except (UnicodeEncodeError, TypeError) as error:
        raise WebhookVerificationError("body_malformed", "Give the raw body, before any parsing.") from error


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WebhookVerificationError("body_malformed", "The body is no JSON in UTF-8.") from error
