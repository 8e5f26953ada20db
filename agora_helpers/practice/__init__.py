"""The practice project: a model of which clients Agora admits, according to its documentation. No web, no sockets.

``project`` decides, and ``certificates`` models their list in the console. ``admission`` is the answer in Agora's
numbers and words, and ``sources`` lists the evidence for each answer. ``sdk_checks`` models what Agora's SDKs check
before they send a request, and ``sdk_events`` says what their events mean. ``cases`` lists the clients that the lessons
play. ``session`` is the media server behind it: who is in a channel, and until when. ``signaling`` is the server that
clients of messaging log in to, in frames that ``protobuf`` reads and writes. ``gateway`` is what the two have in
common. ``clock`` is the time that all go by.

May import: base, ``tokens``, ``verification``.
"""

from .admission import Admission, Surface
from .cases import CASES, Case, rehearse
from .certificates import Certificates, Mechanism
from .clock import Clock
from .project import Project
from .session import MediaServer, Session
from .signaling import SignalingServer, SignalingSession

__all__ = [
    "CASES",
    "Admission",
    "Case",
    "Certificates",
    "Clock",
    "Mechanism",
    "MediaServer",
    "Project",
    "Session",
    "SignalingServer",
    "SignalingSession",
    "Surface",
    "rehearse",
]
