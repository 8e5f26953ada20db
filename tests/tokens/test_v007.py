from __future__ import annotations

import base64
import hashlib
import hmac
import tracemalloc
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agora_helpers import Credentials, RtcService, Rtm2Service, RtmService, TokenFormatError, decode, verify
from agora_helpers.constants import MAX_PAYLOAD_BYTES, NAME_ALPHABET
from agora_helpers.tokens import v007
from agora_helpers.tokens.services import Service
from agora_helpers.tokens.wire import FieldReader
from tests.support import DEMO, Vector, payload, rebuild, vectors

VECTORS = vectors("007")


LIMITS = {"channel_name": 63, "uid": 255, "user_id": 64}
"""In bytes; every character that is allowed is one byte."""
ROLES = {"1": "subscriber", "1234": "publisher"}
"""The role by the privileges that amount to it."""


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
    with_roles = [
        service
        | (
            {"role": ROLES.get("".join(sorted({*service["privileges"]} & {*"1234"})))}
            if service["name"] == "rtc"
            else {}
        )
        for service in services
    ]
    assert values == {name: vector[name] for name in names} | {"services": with_roles}
    assert decoded.expires_at == vector["issued_at"] + vector["expire"]
    assert len(decoded.payload) == vector["payload_length"]

    credentials = Credentials(vector["app_id"], vector["app_certificate"])
    verdict = verify(vector["token"], credentials, now=vector["issued_at"], partial=True)
    assert verdict.signature.status == "ok"
    granting = [service for service in services if service["name"] not in ("convoai", "stt")]
    useful = [s for s in granting if ("1" in s["privileges"] if s["name"].startswith("rt") else s["privileges"])]
    nothing = (granting and not useful) or not (services or unread)
    allowed = all(
        len(value) <= LIMITS[name] and set(value) <= {*NAME_ALPHABET, "*"} and (value or name != "user_id")
        for service in services
        if service["name"].startswith("rt")
        for name, value in service.items()
        if name in LIMITS
    )
    assert verdict.match.status == ("wrong" if nothing or not allowed else "ok"), verdict.reasons
    assert verify(vector["token"], Credentials(vector["app_id"], "deadbeef" * 4)).signature.status == "wrong"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_both_readers_agree(vector: Vector) -> None:
    assert v007.read(FieldReader(payload(vector["token"]))) == v007.decode(vector["token"])


def reference(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def test_the_worked_example() -> None:
    """The intermediate values of the official example, and the signature that they lead to."""
    key = reference((1_111_111).to_bytes(4, "little"), DEMO.app_certificate.encode())
    assert key.hex() == "e0f6141e54329d72102500478ec18e0020a5eeef53bbcccc442c6c2f7f178251"
    key = reference((1).to_bytes(4, "little"), key)
    assert key.hex() == "cee2fa8dcbe868c30ca8c959d97fad4a5049c634da48449f1b8f59c14fa61073"
    assert v007.sign(DEMO.app_certificate, 1_111_111, 1, b"signing info") == reference(key, b"signing info")


@example("c" * 100, 1, 2, b"signing info")
@given(st.text("0123456789abcdef", max_size=200), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.binary())
def test_signatures_are_hmac_of_the_standard_library(certificate: str, issued_at: int, salt: int, info: bytes) -> None:
    """Certificates of more than 64 bytes, HMAC's block, included."""
    key = reference(issued_at.to_bytes(4, "little"), certificate.encode())
    key = reference(salt.to_bytes(4, "little"), key)
    assert v007.sign(certificate, issued_at, salt, info) == reference(key, info)


def compressed(data: bytes, **options: int) -> str:
    maker = zlib.compressobj(**options)  # type: ignore[arg-type]
    return "007" + base64.b64encode(maker.compress(data) + maker.flush()).decode()


@pytest.mark.parametrize(
    "options", [{"level": 0}, {"level": 1}, {"level": 9}, {"wbits": 9}, {"strategy": zlib.Z_HUFFMAN_ONLY}], ids=str
)
def test_other_compressions_of_the_same_payload_are_the_same_token(options: dict[str, int]) -> None:
    token = VECTORS[0]["token"]
    assert decode(compressed(payload(token), **options)) == decode(token)


@given(st.binary(max_size=3000))
def test_our_zlib_streams_are_ordinary_ones(data: bytes) -> None:
    assert zlib.decompress(v007.compress(data)) == data
    assert v007.compress(data)[:2] == zlib.compress(data)[:2]


DATA = payload(VECTORS[0]["token"])
STREAM = zlib.compress(DATA)
DICTIONARY = zlib.compressobj(zdict=DATA)
NOT_ZLIB = "zlib (character 3): is not a zlib stream, or is damaged."
NOT_BUILT = "token: has a version, but what follows is not what Agora's builders create."
AFTER_END = "zlib (character 3): has bytes after its end."


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (STREAM + b"\0", AFTER_END),
        (STREAM + zlib.compress(b"more"), AFTER_END),
        (STREAM[:-4], "zlib (character 3): ends too early."),
        (zlib.compress(DATA, wbits=-15), NOT_BUILT),
        (zlib.compress(DATA, wbits=31), NOT_BUILT),
        (STREAM[:-1] + bytes([STREAM[-1] ^ 1]), NOT_ZLIB),
        (DICTIONARY.compress(DATA) + DICTIONARY.flush(), NOT_ZLIB),
    ],
    ids=[
        "a byte after it",
        "another stream",
        "cut short",
        "raw deflate",
        "gzip",
        "wrong checksum",
        "a dictionary",
    ],
)
def test_what_is_not_exactly_one_zlib_stream_is_rejected(wrong: bytes, message: str) -> None:
    with pytest.raises(TokenFormatError) as caught:
        decode("007" + base64.b64encode(wrong).decode())
    assert str(caught.value).startswith(message)


def test_a_payload_of_128_kib_is_read() -> None:
    assert len(decode(compressed(DATA.ljust(MAX_PAYLOAD_BYTES, b"\0"))).payload) == 131_072


@pytest.mark.parametrize("size", [MAX_PAYLOAD_BYTES + 1, 50_000_000])
def test_inflating_stops_at_128_kib(size: int) -> None:
    bomb = compressed(DATA.ljust(size, b"\0"), level=9)
    tracemalloc.start()
    with pytest.raises(TokenFormatError, match="inflates to more than 131072 bytes"):
        decode(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * MAX_PAYLOAD_BYTES, "never the 50 MB"


def test_a_string_of_65535_bytes_passes() -> None:
    service = RtcService("c" * 65_535, "u", {1: 600})
    token = v007.encode("a" * 32, "b" * 32, [service], issued_at=1, expire=600, salt=1)
    assert decode(token).services == (service,)


def test_many_services_are_read() -> None:
    services = [RtcService("", "", {})] * 64
    token = v007.encode("a" * 32, "b" * 32, services, issued_at=1, expire=1, salt=1)
    assert len(decode(token).fields) == 8 + 64 * 6


def test_more_bytes_than_are_read_are_rejected() -> None:
    services = [RtmService("a" * 65_535, {})] * 2
    with pytest.raises(TokenFormatError, match="inflates to more than 131072 bytes"):
        decode(v007.encode("a" * 32, "b" * 32, services, issued_at=1, expire=1, salt=1))


@pytest.mark.parametrize(
    ("services", "message"),
    [
        (
            [RtcService("", "", {})] * 65,
            r"services.count \(payload byte 80\): is larger than 64. Tokens have far fewer",
        ),
        (
            [RtmService("a", dict.fromkeys(range(1025), 1))],
            r"services\[0\].privileges.count \(payload byte 84\): brings the entries of all lists to more than 1024.",
        ),
        ([RtmService("a", dict.fromkeys(range(17), 1))] * 64, r"services\[60\].privileges.count"),
        (
            [Rtm2Service("a", {0: {0: ("",) * 1024}}, {})],
            r"services\[0\].permissions\[0\]\[0\].count .*: brings the entries",
        ),
        ([Rtm2Service("a", {n: {} for n in range(1025)}, {})], r"services\[0\].permissions.count"),
        ([Rtm2Service("a", {0: dict.fromkeys(range(1025), ())}, {})], r"services\[0\].permissions\[0\].count"),
    ],
    ids=["services", "privileges", "privileges of all services", "names", "resources", "kinds"],
)
def test_a_short_token_cannot_contain_long_lists(services: list[Service], message: str) -> None:
    token = v007.encode("a" * 32, "b" * 32, services, issued_at=1, expire=1, salt=1)
    with pytest.raises(TokenFormatError, match=message):
        decode(token)


def test_the_longest_lists_are_read() -> None:
    services = [RtmService("a", dict.fromkeys(range(16), 1))] * 64
    assert len(decode(v007.encode("a" * 32, "b" * 32, services, issued_at=1, expire=1, salt=1)).services) == 64
    names = ("",) * 1022
    token = v007.encode("a" * 32, "b" * 32, [Rtm2Service("a", {0: {0: names}}, {})], issued_at=1, expire=1, salt=1)
    assert decode(token).to_dict()["services"][0]["permissions"] == {"0": {"0": list(names)}}


@pytest.mark.parametrize("mark", ["...", "\u2026", "****", ".."])
def test_a_token_that_a_log_shortened_is_named_as_such(mark: str) -> None:
    token = VECTORS[0]["token"]
    with pytest.raises(
        TokenFormatError, match=r"The token was shortened, for a log or a screen: copy it again, whole\."
    ):
        decode(token[:40] + mark + token[-6:])
