"""What a practice Agora saw, as text for the report of a failed test: who was admitted, and what happened then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..practice.admission import Admission
from ..practice.gateway import EventKind
from ..practice.session import Session
from ..practice.signaling import SignalingSession
from ..practice_server.access_point import Exchange

_NO_REQUEST = (
    "No client has sent a request to Agora.\n"
    "  Call install() before the page loads, and after routes of your own that match Agora's hosts."
)
_NOT_RENEWED = (
    "  The client was warned, and did not renew its token. "
    "Fetch a new one and pass it to renewToken() when the SDK says that the token will expire."
)
_OLD_WHEN_NEW = (
    "  The new token was about to end as soon as it came. Does its server go by the real time, and the test by a clock "
    "that it has moved? Let the server take its time from the practice Agora's clock."
)
_CLOSING = {EventKind.LEAVE, EventKind.LOG_OUT, EventKind.BANNED}


def describe(exchanges: Iterable[Exchange], sessions: Iterable[Session | SignalingSession]) -> str:
    """Return each request to enter with its answer, and each session with its events and what to do.

    Args:
        exchanges: the requests, oldest first. An SDK sends each to several hosts at once; equal ones are shown once.
        sessions: the sessions.
    """
    parts = [*dict.fromkeys(map(_describe_request, exchanges)), *map(_describe_session, sessions)]
    return "\n".join(parts or [_NO_REQUEST])


def _describe_request(exchange: Exchange) -> str:
    name = repr(exchange.name) if exchange.uid is None else f"{exchange.name!r}, uid {exchange.uid!r}"
    token = "with a token" if exchange.with_token else "without a token"
    line = f"{exchange.surface}, {name}, {token}: {exchange.admission}"
    return "\n".join([line, *_describe_reasons(exchange.admission)])


def _describe_session(session: Session | SignalingSession) -> str:
    if isinstance(session, Session):
        name = f"{session.channel!r}, uid {session.account or session.uid!r}"
    else:
        name = repr(session.user)
    state = f"{session.state} ({session.reason})" if session.reason else session.state
    return "\n".join([f"{session.surface}, {name}: {state}", *_describe_events(session)])


def _describe_events(session: Session | SignalingSession) -> Iterator[str]:
    to_renew, renewed_at = False, None
    for event in session.events:
        yield f"  {event}"
        if event.admission:
            yield from _describe_reasons(event.admission)
        if event.kind == EventKind.WARNING:
            if event.time == renewed_at:
                yield _OLD_WHEN_NEW
            to_renew = True
        elif event.kind in _CLOSING or event.kind == EventKind.RENEW:
            to_renew = False
            renewed_at = event.time
    if to_renew:
        yield _NOT_RENEWED


def _describe_reasons(admission: Admission) -> Iterator[str]:
    if not admission.admitted:
        for reason in admission.reasons:
            yield f"  {reason.title}: {reason.detail}"
            yield f"  {reason.hint}"
