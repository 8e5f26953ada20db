"""Build, read and verify Agora tokens.

>>> from agora_helpers import Credentials, build_rtc_token, verify
>>> credentials = Credentials.demo()
>>> token = build_rtc_token(credentials, "lobby", uid=7, role="publisher", expires_in=600)
>>> verify(token, credentials, channel="lobby", uid=7).ok
True
"""

from .constants import Role, RtcPrivilege, ServiceType
from .credentials import Credentials
from .errors import AgoraHelpersError, CredentialError, InputError, TokenFormatError
from .practice.admission import Admission
from .practice.certificates import Certificates, Mechanism
from .practice.project import Project
from .sdk_errors.lookup import explain_error
from .sdk_errors.table import ErrorExplanation
from .tokens.builders import (
    build_chat_app_token,
    build_chat_token,
    build_convoai_token,
    build_rtc_rtm_token,
    build_rtc_token,
    build_rtm_token,
    build_token,
)
from .tokens.decoded import DecodedToken
from .tokens.decoder import decode
from .tokens.repairs import Repaired, find_tokens, repair
from .tokens.services import (
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
from .tokens.wire import Field
from .verification.comparison import Comparison
from .verification.reasons import Reason, ReasonCode
from .verification.verifier import Check, Verdict, verify

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
    "build_chat_app_token",
    "build_chat_token",
    "build_convoai_token",
    "build_rtc_rtm_token",
    "build_rtc_token",
    "build_rtm_token",
    "build_token",
    "decode",
    "explain_error",
    "find_tokens",
    "repair",
    "verify",
]
