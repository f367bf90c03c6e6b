"""The recipes of the README with a body as it came, and with the mistake that the README warns of."""

import base64
import hashlib
import hmac
import os
import re
import sys
import time
from pathlib import Path
from types import ModuleType

import django
from django.conf import settings
from django.test import Client, override_settings
from fastapi.testclient import TestClient

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
os.environ["WEBHOOK_SECRET"] = SECRET
README = Path("python/README.md").read_text()
# Written as no library of Python's writes it: without blanks, with an escape and a number beyond 2^53.
BODY = (
    b'{"event":"job.completed","delivery_id":"del_1",'
    b'"data":{"id":9223372036854775807,"name":"\\u00e9","rate":1.0E2}}'
)


def main() -> None:
    settings.configure(ALLOWED_HOSTS=["testserver"], SECRET_KEY="of no consequence")
    django.setup()
    for name, right, wrong in (
        ("flask", "request.get_data()", "__import__('json').dumps(request.get_json())"),
        ("django", "request.body", "__import__('json').dumps(__import__('json').loads(request.body))"),
        ("fastapi", "await request.body()", "__import__('json').dumps(await request.json())"),
    ):
        source = re.findall(rf"<!-- recipe:{name} -->\n```python\n(.*?)```", README, re.DOTALL)[0]
        assert right in source, name
        assert status_of(source) == 204, name
        assert status_of(source.replace(right, wrong)) == 400, f"{name}: a body that was parsed verifies"
        print(f"{name}: verifies, and refuses a body that was parsed and written again")


def status_of(source: str) -> int:
    room = ModuleType("recipe")
    exec(compile(source, "recipe", "exec"), vars(room))
    if "urlpatterns" in vars(room):
        return django_status_of(room)
    app = vars(room)["app"]
    client = TestClient(app) if type(app).__name__ == "FastAPI" else app.test_client()
    parameters = {"content": BODY} if isinstance(client, TestClient) else {"data": BODY}
    return int(client.post("/hook", headers=signed(), **parameters).status_code)


def django_status_of(room: ModuleType) -> int:
    sys.modules[room.__name__] = room
    with override_settings(ROOT_URLCONF=room.__name__):
        headers = signed()
        content_type = headers.pop("content-type")
        return int(Client(headers=headers).post("/hook", BODY, content_type=content_type).status_code)


def signed() -> dict:
    seconds = str(int(time.time()))
    key = base64.b64decode(SECRET.split("_")[1])
    digest = hmac.new(key, f"del_1.{seconds}.".encode() + BODY, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    return {
        "webhook-id": "del_1",
        "webhook-timestamp": seconds,
        "webhook-signature": signature,
        "content-type": "application/json; charset=utf-8",
    }


main()
