"""Build, read and verify Agora tokens.

>>> from agora_helpers import Credentials, build_rtc_token, verify
>>> credentials = Credentials.demo()
>>> token = build_rtc_token(credentials, "lobby", uid=7, role="publisher", expires_in=600)
>>> verify(token, credentials, channel="lobby", uid=7).ok
True
"""

from .access_point import Project
from .admission import Admission
from .build import build_rtc_token, build_rtm_token, build_token
from .certificates import Certificates, Mechanism
from .comparison import Comparison
from .credentials import Credentials
from .decoded import DecodedToken
from .error_lookup import explain_error
from .error_table import ErrorExplanation
from .errors import AgoraHelpersError, CredentialError, InputError, TokenFormatError
from .inspection import decode
from .reasons import Reason, ReasonCode
from .repair import Repaired, repair
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
from .verification import Check, Verdict, verify
from .vocabulary import Role, RtcPrivilege, ServiceType
from .wire import Field

__all__ = [
    "Admission",
    "AgoraHelpersError",
    "ApaasService",
    "Certificates",
    "ChatService",
    "Check",
    "Comparison",
    "ConvoAiService",
    "CredentialError",
    "Credentials",
    "DecodedToken",
    "ErrorExplanation",
    "FcdnService",
    "Field",
    "FpaService",
    "InputError",
    "Mechanism",
    "Project",
    "Reason",
    "ReasonCode",
    "Repaired",
    "Role",
    "RtcPrivilege",
    "RtcService",
    "Rtm2Service",
    "RtmService",
    "Service006",
    "ServiceType",
    "StreamingService",
    "SttService",
    "TokenFormatError",
    "UnknownService",
    "Verdict",
    "build_rtc_token",
    "build_rtm_token",
    "build_token",
    "decode",
    "explain_error",
    "repair",
    "verify",
]
