"""Compare ``zlib.compress`` with ``v007.compress``, under several settings of the memory allocator.

    python benchmarks/compression.py            about 30 s; prints microseconds and ratios

``zlib.compress`` allocates 268 KiB for each call. If that memory lies at the end of the heap, glibc returns it to the
system after each call, and the next call pays for 20 page faults. Whether it lies there is a matter of chance: of what
the process has imported and allocated before. So each row is a process of its own, three times with each setting.
Both sides take turns; the ratio is the median of all turns, zlib.compress / v007.compress. Above 1, ours is faster.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import statistics
import subprocess
import sys
import zlib
from timeit import timeit

from agora_helpers import Credentials, build_rtc_token, decode
from agora_helpers.tokens.v007 import compress

TURNS, BATCH, PROCESSES = 40, 100, 3
PROGRAMS = ["agora_helpers", "agora_helpers.server"]
SETTINGS: list[dict[str, str]] = [
    {},
    {"MALLOC_TRIM_THRESHOLD_": "0"},
    {"MALLOC_TOP_PAD_": "0"},
    {"MALLOC_MMAP_THRESHOLD_": "65536"},
    {"MALLOC_TRIM_THRESHOLD_": "67108864", "MALLOC_TOP_PAD_": "16777216", "MALLOC_MMAP_THRESHOLD_": "67108864"},
]


def measure(program: str) -> dict[str, float]:
    """Return the best times in microseconds, the median ratio, and the page faults of each call of zlib.compress."""
    importlib.import_module(program)
    payload = decode(build_rtc_token(Credentials.demo(), "demo-channel", uid=54321, role="publisher")).payload
    turns, faults = [], 0
    for _ in range(TURNS):
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        theirs = timeit(lambda: zlib.compress(payload), number=BATCH)
        faults += resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
        turns.append((theirs, timeit(lambda: compress(payload), number=BATCH)))
    best = [min(side) / BATCH * 1e6 for side in zip(*turns, strict=True)]
    ratio = statistics.median(theirs / ours for theirs, ours in turns)
    return {"zlib": best[0], "ours": best[1], "ratio": ratio, "faults": faults / TURNS / BATCH}


def main() -> None:
    print(f"{'zlib µs':>8} {'ours µs':>8} {'ratio':>6} {'faults':>6}  program, allocator")
    for program in PROGRAMS:
        for setting in SETTINGS:
            for _ in range(PROCESSES):
                command = [sys.executable, __file__, program]
                process = subprocess.run(command, env=os.environ | setting, capture_output=True, text=True, check=True)
                result = json.loads(process.stdout)
                names = " ".join(f"{name}={value}" for name, value in setting.items()) or "default"
                numbers = (
                    f"{result['zlib']:>8.1f} {result['ours']:>8.1f} {result['ratio']:>6.2f} {result['faults']:>6.1f}"
                )
                print(f"{numbers}  {program}, {names}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        main()
