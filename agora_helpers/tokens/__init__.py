"""The two token formats: build, read and repair. Reading needs no key.

``v006`` and ``v007`` each define one format, on top of ``wire`` (bytes and fields) and ``services`` (what a token
grants). ``builders`` validates before it signs, ``decoder`` reads, ``repairs`` extracts a token from pasted text.

May import: the base modules.
"""

from .builders import build_rtc_token, build_rtm_token, build_token
from .decoded import DecodedToken
from .decoder import decode
from .repairs import Repaired, find_tokens, repair
from .services import (
    ApaasService,
    ChatService,
    ConvoAiService,
    FcdnService,
    FpaService,
    RtcService,
    Rtm2Service,
    RtmService,
    Service006,
    StreamingService,
    SttService,
    UnknownService,
)
from .wire import Field

__all__ = [
    "ApaasService",
    "ChatService",
    "ConvoAiService",
    "DecodedToken",
    "FcdnService",
    "Field",
    "FpaService",
    "Repaired",
    "RtcService",
    "Rtm2Service",
    "RtmService",
    "Service006",
    "StreamingService",
    "SttService",
    "UnknownService",
    "build_rtc_token",
    "build_rtm_token",
    "build_token",
    "decode",
    "find_tokens",
    "repair",
]
