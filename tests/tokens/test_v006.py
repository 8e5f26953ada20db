from __future__ import annotations

import hashlib
import hmac

import pytest

from agora_helpers import Credentials, decode, verify
from agora_helpers.constants import NAME_ALPHABET
from agora_helpers.tokens import v006
from agora_helpers.tokens.wire import FieldReader
from tests.support import Vector, payload, rebuild, vectors

VECTORS = vectors("006")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector: Vector) -> None:
    """Rebuilt byte for byte, decoded to equal values, verified, and not for anyone else."""
    assert rebuild(vector) == vector["token"]

    decoded = decode(vector["token"])
    (service,) = vector["services"]
    expected = {
        "version": "006",
        "app_id": vector["app_id"],
        "salt": vector["salt"],
        "ts": vector["issued_at"],
        "crc_channel_name": vector["crc_channel_name"],
        "crc_uid": vector["crc_uid"],
        "services": [{"type": None, "name": service["name"], "privileges": service["privileges"]}],
        "signature": vector["signature"],
    }
    if service["name"] == "rtc" and "1000" in service["privileges"]:
        expected["services"][0]["name"] = "rtm"
    rtc = "".join(sorted(set(service["privileges"]) & set("1234")))
    if rtc or service["name"] == "rtc":
        expected["services"][0]["role"] = {"1": "subscriber", "1234": "publisher"}.get(rtc)
    assert decoded.to_dict() == expected
    assert decoded.issued_at is None
    assert decoded.expires_at == vector["issued_at"]

    credentials = Credentials(vector["app_id"], vector["app_certificate"])
    who = {"channel": service["channel_name"], "uid": service["uid"]}
    if expected["services"][0]["name"] == "rtm" and not service["uid"]:
        who = {"user": service["channel_name"]}
    verdict = verify(vector["token"], credentials, **who, now=0)
    name, limit = service["channel_name"], 64 if "user" in who else 63
    allowed = 0 < len(name) <= limit and set(name + service["uid"]) <= set(NAME_ALPHABET)
    allowed = allowed and len(service["uid"]) <= 255
    grants = "ok" if allowed and {"1", "1000"} & set(service["privileges"]) else "wrong"
    assert (verdict.signature.status, verdict.match.status) == ("ok", grants)
    other = verify(vector["token"], Credentials(vector["app_id"], "deadbeef" * 4), **who, now=0)
    assert other.signature.status == "wrong"
    assert not other.ok


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_both_readers_agree(vector: Vector) -> None:
    assert v006.read(FieldReader(payload(vector["token"])), vector["app_id"]) == v006.decode(vector["token"])


def test_the_signature_is_hmac_of_the_standard_library() -> None:
    vector = VECTORS[0]
    (service,) = vector["services"]
    message = decode(vector["token"]).signed
    names = (service["channel_name"], service["uid"])
    signed = (vector["app_id"] + "".join(names)).encode() + message
    for key in (vector["app_certificate"], "c" * 100):
        expected = hmac.new(key.encode(), signed, hashlib.sha256).digest()
        assert v006.sign(vector["app_id"], key, *names, message) == expected
    assert v006.sign(vector["app_id"], vector["app_certificate"], *names, message).hex() == vector["signature"]
