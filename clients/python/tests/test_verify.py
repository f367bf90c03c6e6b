"""The golden vector of the wire format, its forgeries, and what a careless receiver would do."""

import json
import unittest
from datetime import datetime, timezone
from pathlib import Path

from posthorn import WebhookVerificationError, verify, verify_webhook

BODY = (Path(__file__).parent / "job-completed.body.txt").read_bytes()
SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
NOW = datetime(2024, 9, 26, 10, 2, 20, tzinfo=timezone.utc).timestamp()
HEADER = {"X-Webhook-Signature": "sha256=0bb4e94dfe08d8aa2d2a3d6f0efc2ddbae18bf7a03ae7c9b851d4bbc9a490100"}
STANDARD = {
    "Webhook-Id": "del_01J8Q2M4T6V8X0Z2B4D6F8H0K2",
    "Webhook-Timestamp": "1727344935",
    "Webhook-Signature": "v1,xNm4la8WGwbfoiZ6qNk9a0InHldvE3ErYNVk467Skxo=",
}
ALL = [HEADER, STANDARD, {}]


class Verify(unittest.TestCase):
    def test_accepts_each_of_the_three_signatures(self) -> None:
        for headers in ALL:
            self.assertEqual(verify_webhook(BODY, headers, SECRET, now=NOW)["attempt"], 1)

    def test_accepts_one_of_several_secrets(self) -> None:
        other = "whsec_" + "A" * 32
        for headers in ALL:
            verify_webhook(BODY, headers, [other, SECRET], now=NOW)
            self.assert_refused("signature_mismatch", BODY, headers, other)

    def test_refuses_every_flipped_bit(self) -> None:
        for at in range(0, len(BODY), 7):
            forged = BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :]
            for headers in ALL:
                with self.assertRaises(WebhookVerificationError):
                    verify_webhook(forged, headers, SECRET, now=NOW)

    def test_refuses_a_body_that_was_parsed_and_written_again(self) -> None:
        for headers in ALL:
            self.assert_refused("signature_mismatch", json.dumps(json.loads(BODY)), headers, SECRET)

    def test_refuses_a_copied_signature(self) -> None:
        signature = json.loads(BODY)["signature"].encode()
        copied = BODY.replace(b'"data":{', b'"data":{"copy":"' + signature + b'",', 1)
        self.assert_refused("signature_mismatch", copied, {}, SECRET)
        emptied = {"X-Webhook-Signature": signature.decode()}
        self.assert_refused("signature_malformed", BODY.replace(signature, b"", 1), emptied, SECRET)
        self.assertTrue(verify(BODY.replace(signature, b"", 1), signature.decode(), SECRET))
        self.assertFalse(verify(BODY, signature.decode(), SECRET))

    def test_refuses_what_is_old_or_from_the_future(self) -> None:
        for headers in ALL:
            with self.assertRaises(WebhookVerificationError) as old:
                verify_webhook(BODY, headers, SECRET, now=NOW + 400)
            self.assertEqual(old.exception.code, "timestamp_too_old")
            with self.assertRaises(WebhookVerificationError) as new:
                verify_webhook(BODY, headers, SECRET, now=NOW - 400)
            self.assertEqual(new.exception.code, "timestamp_too_new")

    def assert_refused(self, code: str, body: object, headers: dict, secret: str) -> None:  # type: ignore[type-arg]
        with self.assertRaises(WebhookVerificationError) as refusal:
            verify_webhook(body, headers, secret, now=NOW)  # type: ignore[arg-type]
        self.assertEqual(refusal.exception.code, code)


if __name__ == "__main__":
    unittest.main()
