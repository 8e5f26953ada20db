"""Compare ``zlib.compress`` with a deflater of small windows, under several settings of the memory allocator.

    python benchmarks/compression.py            about 20 s; prints ratios

``zlib.compress`` allocates 268 KiB for each call. The question is whether a deflater that allocates a tenth of that
compresses the payload of a token faster. Each setting runs in a process of its own, since glibc reads it at the start.
Both sides take turns; the ratio is the median of all turns, with the quartiles. Above 1, the small deflater is faster.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import zlib
from timeit import timeit

from agora_helpers import Credentials, build_rtc_token, decode

TURNS, BATCH = 200, 200
SETTINGS: list[dict[str, str]] = [
    {},
    {"MALLOC_TRIM_THRESHOLD_": "0"},
    {"MALLOC_TRIM_THRESHOLD_": "131072"},
    {"MALLOC_TOP_PAD_": "0"},
    {"MALLOC_MMAP_THRESHOLD_": "65536"},
    {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_TOP_PAD_": "0"},
    {"MALLOC_TRIM_THRESHOLD_": "67108864", "MALLOC_TOP_PAD_": "16777216", "MALLOC_MMAP_THRESHOLD_": "67108864"},
]


def compress_small(payload: bytes) -> bytes:
    """Return a zlib stream with the same content and header as that of ``zlib.compress``."""
    deflater = zlib.compressobj(6, zlib.DEFLATED, -10, 4)
    return b"\x78\x9c" + deflater.compress(payload) + deflater.flush() + zlib.adler32(payload).to_bytes(4, "big")


def measure() -> list[float]:
    """Return zlib.compress / compress_small for each turn, in this process."""
    payload = decode(build_rtc_token(Credentials.demo(), "demo-channel", uid=54321, role="publisher")).payload
    return [
        timeit(lambda: zlib.compress(payload), number=BATCH) / timeit(lambda: compress_small(payload), number=BATCH)
        for _ in range(TURNS)
    ]


def main() -> None:
    print("median  quartiles     allocator")
    for setting in SETTINGS:
        command = [sys.executable, __file__, "--measure"]
        process = subprocess.run(command, env=os.environ | setting, capture_output=True, text=True, check=True)
        lower, median, upper = statistics.quantiles(json.loads(process.stdout), n=4)
        names = " ".join(f"{name}={value}" for name, value in setting.items()) or "default"
        print(f"{median:>6.2f}  {lower:.2f} to {upper:.2f}  {names}")


if __name__ == "__main__":
    if "--measure" in sys.argv:
        print(json.dumps(measure()))
    else:
        main()
