"""Build and decode tokens side by side with the packages that readers would otherwise use.

    python benchmarks/tokens.py            about 15 s; prints microseconds and ratios

Both sides of a row run interleaved in one process, with a new salt in each token. Only the ratio is comparable between
machines: above 1 means that agora_helpers is that many times as fast.

Building a 007 token depends on the memory allocator (see ``compression.py``), which behaves differently from process to
process. So it is measured with glibc's two extremes: one keeps freed memory, the other returns it to the system.
"""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from timeit import timeit

from agora_token_builder import RtcTokenBuilder
from agora_token_builder.AccessToken import AccessToken

from agora_helpers import Credentials, build_rtc_token, decode
from agora_helpers.constants import TokenVersion

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # agoraiotools imports its own deprecated modules
    from agoraiotools import AccessToken2, RtcTokenBuilder2

CREDENTIALS = Credentials.demo()
PAIR = (CREDENTIALS.app_id, CREDENTIALS.app_certificate)
VERSIONS: tuple[TokenVersion, ...] = ("006", "007")
ROUNDS, BATCH = 50, 500
KEEPS = {"MALLOC_TRIM_THRESHOLD_": "67108864", "MALLOC_TOP_PAD_": "16777216", "MALLOC_MMAP_THRESHOLD_": "67108864"}
RETURNS = {"MALLOC_TRIM_THRESHOLD_": "0", "MALLOC_TOP_PAD_": "0", "MALLOC_MMAP_THRESHOLD_": "65536"}


def measure(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float, float]:
    """Best time of each side in microseconds, and the median of the rounds' ratios (peer / ours)."""
    rounds = [
        (timeit(ours, number=BATCH) / BATCH * 1e6, timeit(peer, number=BATCH) / BATCH * 1e6) for _ in range(ROUNDS)
    ]
    best_ours, best_peer = (min(side) for side in zip(*rounds, strict=True))
    return best_ours, best_peer, statistics.median(peer / ours for ours, peer in rounds)


def ours_build(version: TokenVersion) -> Callable[[], str]:
    return lambda: build_rtc_token(CREDENTIALS, "demo-channel", uid=54321, role="publisher", version=version)


def each_of(tokens: list[str], read: Callable[[str], object]) -> Callable[[], object]:
    """Return a function that reads the next token with each call, so that nothing is read twice in a row."""
    turn = itertools.cycle(tokens)
    return lambda: read(next(turn))


def rows() -> dict[str, tuple[Callable[[], object], str, Callable[[], object]]]:
    tokens_006, tokens_007 = (
        [build_rtc_token(CREDENTIALS, "demo-channel", uid=54321, role="publisher", version=version) for _ in range(200)]
        for version in VERSIONS
    )
    return {
        "006 build": (
            ours_build("006"),
            "agora-token-builder",
            lambda: RtcTokenBuilder.buildTokenWithUid(*PAIR, "demo-channel", 54321, 1, int(time.time()) + 3600),
        ),
        "006 decode": (
            each_of(tokens_006, decode),
            "agora-token-builder",
            each_of(tokens_006, lambda token: AccessToken().fromString(token)),
        ),
        "007 build": (
            ours_build("007"),
            "agoraiotools",
            lambda: RtcTokenBuilder2.build_token_with_uid(*PAIR, "demo-channel", 54321, 1, 3600, 3600),
        ),
        "007 decode": (
            each_of(tokens_007, decode),
            "agoraiotools",
            each_of(tokens_007, lambda token: AccessToken2().from_string(token)),
        ),
    }


def print_row(name: str) -> None:
    ours, peer_name, peer = rows()[name]
    our_time, peer_time, ratio = measure(ours, peer)
    print(f"{our_time:>8.1f} {peer_time:>8.1f} {ratio:>6.2f}  {peer_name}", flush=True)


def main() -> None:
    print(f"{'operation':<12} {'memory':<9} {'ours µs':>8} {'peer µs':>8} {'ratio':>6}  peer")
    for name, memory in [
        ("006 build", "kept"),
        ("006 decode", "kept"),
        ("007 build", "kept"),
        ("007 build", "returned"),
        ("007 decode", "kept"),
    ]:
        print(f"{name:<12} {memory:<9} ", end="", flush=True)
        settings = KEEPS if memory == "kept" else RETURNS
        subprocess.run([sys.executable, __file__, name], env=os.environ | settings, check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print_row(sys.argv[1])
    else:
        main()
