"""Build and decode tokens side by side with the packages that readers would otherwise use.

    python benchmarks/tokens.py            about 15 s; prints microseconds and ratios

Both sides of a row run interleaved in one process, with a new salt in each token. Only the ratio travels:
above 1 means that agora_helpers is that many times as fast.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable
from timeit import timeit

from agora_token_builder import RtcTokenBuilder
from agora_token_builder.AccessToken import AccessToken

from agora_helpers import Credentials, build_rtc_token, decode

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # agoraiotools imports its own deprecated modules
    from agoraiotools import AccessToken2, RtcTokenBuilder2

CREDENTIALS = Credentials.demo()
PAIR = (CREDENTIALS.app_id, CREDENTIALS.app_certificate)
ROUNDS, BATCH = 50, 500


def measure(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float, float]:
    """Best time of each side in microseconds, and the median of the rounds' ratios (peer / ours)."""
    rounds = [
        (timeit(ours, number=BATCH) / BATCH * 1e6, timeit(peer, number=BATCH) / BATCH * 1e6) for _ in range(ROUNDS)
    ]
    best_ours, best_peer = (min(side) for side in zip(*rounds, strict=True))
    return best_ours, best_peer, statistics.median(peer / ours for ours, peer in rounds)


def ours_build(version: str) -> Callable[[], str]:
    return lambda: build_rtc_token(CREDENTIALS, "demo-channel", uid=54321, role="publisher", version=version)


def main() -> None:
    token_006, token_007 = ours_build("006")(), ours_build("007")()
    rows = [
        (
            "006 build",
            ours_build("006"),
            "agora-token-builder",
            lambda: RtcTokenBuilder.buildTokenWithUid(*PAIR, "demo-channel", 54321, 1, int(time.time()) + 3600),
        ),
        ("006 decode", lambda: decode(token_006), "agora-token-builder", lambda: AccessToken().fromString(token_006)),
        (
            "007 build",
            ours_build("007"),
            "agoraiotools",
            lambda: RtcTokenBuilder2.build_token_with_uid(*PAIR, "demo-channel", 54321, 1, 3600, 3600),
        ),
        ("007 decode", lambda: decode(token_007), "agoraiotools", lambda: AccessToken2().from_string(token_007)),
    ]
    print(f"{'operation':<12} {'ours µs':>8} {'peer µs':>8} {'ratio':>6}  peer")
    for name, ours, peer_name, peer in rows:
        our_time, peer_time, ratio = measure(ours, peer)
        print(f"{name:<12} {our_time:>8.1f} {peer_time:>8.1f} {ratio:>6.2f}  {peer_name}")


if __name__ == "__main__":
    main()
