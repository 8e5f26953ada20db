"""Put first on PYTHONPATH, this makes every Python of a test run use zlib-ng in place of zlib.

Equal payloads then become other texts, which no stored output may depend on.
"""

import sys

from zlib_ng import zlib_ng

sys.modules["zlib"] = zlib_ng
