"""The practice project: a model of what Agora documents about admitting clients. No web, no sockets.

``project`` decides, ``certificates`` has the life cycle that the console offers, ``admission`` is the answer in Agora's
numbers and words, ``sources`` says what each answer rests on, ``sdk_checks`` is what Agora's SDKs check by themselves,
and ``cases`` lists the clients that the lessons play.

May import: base, ``tokens``, ``verification``.
"""

from .admission import Admission, Surface
from .cases import CASES, Case, rehearse
from .certificates import Certificates, Mechanism
from .project import Project

__all__ = [
    "CASES",
    "Admission",
    "Case",
    "Certificates",
    "Mechanism",
    "Project",
    "Surface",
    "rehearse",
]
