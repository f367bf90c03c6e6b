"""Receivers use ``posthorn.verify``, without dependencies; producers ``posthorn.client``, with the extra ``client``."""

from posthorn.problems import PosthornProblem, PosthornUnreachable
from posthorn.verify import WebhookVerificationError, verify, verify_webhook

__all__ = [
    "PosthornProblem",
    "PosthornUnreachable",
    "WebhookVerificationError",
    "verify",
    "verify_webhook",
]
