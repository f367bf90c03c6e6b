"""Receivers use ``posthorn.verify``, which has no dependency; producers ``posthorn.client``, which needs the extra ``client``."""

from posthorn.problems import PosthornProblem, PosthornUnreachable
from posthorn.verify import WebhookVerificationError, verify, verify_webhook

__all__ = [
    "PosthornProblem",
    "PosthornUnreachable",
    "WebhookVerificationError",
    "verify",
    "verify_webhook",
]
