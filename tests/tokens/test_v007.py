from __future__ import annotations

import base64
import hmac
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agora_helpers import Credentials, RtcService, TokenFormatError, decode, verify
from agora_helpers.constants import MAX_PAYLOAD_BYTES
from agora_helpers.tokens import v007
from agora_helpers.tokens.wire import Reader
from tests.support import Vector, payload, rebuild, vectors

VECTORS = vectors("007")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_vector(vector: Vector) -> None:
    """Rebuilt byte for byte after inflating, decoded to equal values, verified, not with another certificate."""
    assert payload(rebuild(vector)) == payload(vector["token"])

    decoded = decode(vector["token"])
    values = decoded.to_dict()
    services = vector["services"]
    unread = values.pop("unread", None)
    if vector["kind"] == "007-unknown":
        place = next(n for n, service in enumerate(services) if service["name"] == "unknown")
        assert unread is not None and unread["type"] == services[place]["type"]
        assert payload(vector["token"]).endswith(bytes.fromhex(unread["data"]))
        services = services[:place]
    else:
        assert unread is None
    names = ("version", "app_id", "salt", "issued_at", "expire", "signature")
    assert values == {name: vector[name] for name in names} | {"services": services}
    assert decoded.expires_at == vector["issued_at"] + vector["expire"]
    assert len(decoded.payload) == vector["payload_length"]

    credentials = Credentials(vector["app_id"], vector["app_certificate"])
    verdict = verify(vector["token"], credentials, now=vector["issued_at"])
    assert verdict.signature.status == "ok"
    granting = [service for service in services if service["name"] not in ("convoai", "stt")]
    useful = [s for s in granting if ("1" in s["privileges"] if s["name"].startswith("rt") else s["privileges"])]
    nothing = (granting and not useful) or not (services or unread)
    assert verdict.match.status == ("wrong" if nothing else "ok"), verdict.reasons
    assert verify(vector["token"], Credentials(vector["app_id"], "deadbeef" * 4)).signature.status == "wrong"


def test_the_quick_reader_and_the_thorough_one_agree() -> None:
    for vector in VECTORS:
        assert v007.read(Reader(v007.inflate(vector["token"]))) == v007.decode(vector["token"])


@given(st.binary(max_size=64), st.binary(max_size=200))
def test_our_hmac_is_that_of_the_standard_library(key: bytes, message: bytes) -> None:
    assert v007._hmac(key, message) == hmac.digest(key, message, "sha256")


def test_the_worked_keys() -> None:
    """The intermediate values of the official example."""
    certificate = Credentials.demo().app_certificate
    k1 = v007._key_of_second(certificate, 1111111)
    assert k1.hex() == "e0f6141e54329d72102500478ec18e0020a5eeef53bbcccc442c6c2f7f178251"
    k2 = v007._hmac((1).to_bytes(4, "little"), k1)
    assert k2.hex() == "cee2fa8dcbe868c30ca8c959d97fad4a5049c634da48449f1b8f59c14fa61073"


def compressed(data: bytes, **options: int) -> str:
    maker = zlib.compressobj(**options)  # type: ignore[arg-type]
    return "007" + base64.b64encode(maker.compress(data) + maker.flush()).decode()


def test_other_compressions_of_the_same_payload_are_the_same_token() -> None:
    data = payload(VECTORS[0]["token"])
    for options in ({"level": 0}, {"level": 1}, {"level": 9}, {"wbits": 9}, {"strategy": zlib.Z_HUFFMAN_ONLY}):
        assert decode(compressed(data, **options)) == decode(VECTORS[0]["token"])


@given(st.binary(max_size=3000))
def test_our_zlib_streams_are_ordinary_ones(data: bytes) -> None:
    assert zlib.decompress(v007._compress(data)) == data
    assert v007._compress(data)[:2] == zlib.compress(data)[:2]


def test_what_is_not_exactly_one_zlib_stream_is_refused() -> None:
    data = payload(VECTORS[0]["token"])
    stream = zlib.compress(data)
    dictionary = zlib.compressobj(zdict=data)
    cases = {
        "has bytes after": stream + b"\0",
        "bytes after its end": stream + zlib.compress(b"more"),
        "ends too early": stream[:-4],
        "not a zlib stream": zlib.compress(data, wbits=-15),
        "is not a zlib": zlib.compress(data, wbits=31),
        "damaged": stream[:-1] + bytes([stream[-1] ^ 1]),
        "or is damaged": dictionary.compress(data) + dictionary.flush(),
    }
    for says, wrong in cases.items():
        with pytest.raises(TokenFormatError, match=says):
            decode("007" + base64.b64encode(wrong).decode())


def test_inflating_stops_at_128_kib() -> None:
    head = payload(VECTORS[0]["token"])
    decode(compressed(head.ljust(MAX_PAYLOAD_BYTES, b"\0")))
    for size in (MAX_PAYLOAD_BYTES + 1, 50_000_000):
        bomb = compressed(head.ljust(size, b"\0"), level=9)
        tracemalloc.start()
        with pytest.raises(TokenFormatError, match="131072 bytes"):
            decode(bomb)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 10 * MAX_PAYLOAD_BYTES, "never the 50 MB"


def test_a_text_of_65535_bytes_passes() -> None:
    service = RtcService("c" * 65_535, "u", {1: 600})
    token = v007.encode("a" * 32, "b" * 32, [service], issued_at=1, expire=600, salt=1)
    assert decode(token).services == (service,)


@pytest.mark.parametrize("count", [3_000, 20_000])
def test_many_services_are_read_in_a_straight_line(count: int) -> None:
    services = [RtcService("", "", {})] * count
    if count * 8 + 82 > MAX_PAYLOAD_BYTES:
        with pytest.raises(TokenFormatError):
            decode(v007.encode("a" * 32, "b" * 32, services, issued_at=1, expire=1, salt=1))
    else:
        token = v007.encode("a" * 32, "b" * 32, services, issued_at=1, expire=1, salt=1)
        assert len(decode(token).fields) == 8 + count * 6
