"""What the servers behind the access point have in common: sessions that go by the project's clock, and connections.

``session`` is the media server of channels, ``signaling`` the server of messaging. They differ in their frames, and in
what a client may ask.
"""

from __future__ import annotations

import math
import threading
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from ..constants import SDK_WARNING_SECONDS
from ..errors import InputError
from . import sources
from .admission import Admission
from .project import Project
from .sources import Source

MAX_CONNECTIONS = 200
MAX_SESSIONS = 200
"""Of those that are over, the oldest are forgotten."""
MAX_EVENTS = 1000
"""Of one session; the oldest are forgotten."""
MAX_QUEUED = 1000
"""Messages to a client that does not read. Beyond that its connection is closed."""
TOO_SLOW = "The client does not read what it is sent."
LOST_SECONDS = 20
"""After which a client without a connection counts as gone."""

Wake = Callable[[], object]


class SessionState(StrEnum):
    """Whether a client is in its channel, or logged in."""

    IN = "in"
    OUT = "out"


class EventKind(StrEnum):
    """What happened to a session."""

    JOIN = "join"
    LOG_IN = "log in"
    REJOIN = "rejoin"
    RENEW = "renew token"
    SAME_TOKEN = "renew with the same token"  # noqa: S105
    """It sent the token that it has: nothing changes."""
    ROLE = "set role"
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    WARNING = "token will expire"
    EXPIRED = "token expired"
    BANNED = "banned"
    CONFLICT = "uid conflict"
    CONNECTION_LOST = "connection lost"
    LEAVE = "leave"
    LOG_OUT = "log out"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a session."""

    time: int
    """Unix time in seconds."""
    kind: EventKind
    sdk: str
    """What the SDK shows: the error of a promise, an event's name, or the reason of a disconnection.

    Empty if the request succeeded.
    """
    source: Source
    """The evidence for it."""
    admission: Admission | None = None
    """The project's answer, if a token was checked."""

    @property
    def refused(self) -> bool:
        """Whether the server refused a request of the client."""
        return self.sdk.startswith("UNEXPECTED_RESPONSE")

    def __str__(self) -> str:
        text = f"{self.kind}: {self.sdk}" if self.sdk else str(self.kind)
        return text if self.source.documented else f"{text} [not documented]"


class Stay:
    """What all sessions have in common. Subclasses are dataclasses that declare the attributes."""

    __slots__ = ()
    state: SessionState
    recent_events: deque[Event]
    _warned: bool
    _lost_at: int

    @property
    def ends_at(self) -> int | None:
        """The Unix time at which the privilege to enter ends; None if it does not end by itself."""
        raise NotImplementedError

    @property
    def connected(self) -> bool:
        """Whether it has a connection."""
        raise NotImplementedError

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, oldest first."""
        return tuple(self.recent_events)

    def _deadlines(self) -> Iterable[int]:
        if self.state == SessionState.IN:
            if self.ends_at is not None:
                yield self.ends_at if self._warned or not self.connected else self.ends_at - SDK_WARNING_SECONDS
            if not self.connected:
                yield self._lost_at + LOST_SECONDS


FrameT = TypeVar("FrameT", str, bytes)
StayT = TypeVar("StayT", bound=Stay)
LinkT = TypeVar("LinkT")


class Link(Generic[FrameT]):
    """One connection of a client: frames in, frames out. Created by the server's ``connect``."""

    def __init__(self, wake: Wake, lock: threading.RLock) -> None:
        self._wake, self._lock = wake, lock
        self._queue: list[FrameT] = []
        self.closed = False
        """Whether to close it, after what :meth:`take` returns."""
        self.problem = ""
        """Why it is closed, for the WebSocket's close frame; empty if nothing went wrong."""

    def take(self) -> list[FrameT]:
        """Return, and forget, the frames that are to be sent, oldest first."""
        with self._lock:
            frames, self._queue = self._queue, []
        return frames

    def _put(self, frame: FrameT) -> None:
        if len(self._queue) >= MAX_QUEUED:
            self.closed, self.problem = True, TOO_SLOW
        if not self.closed:
            self._queue.append(frame)
        self._wake()


class SessionServer(Generic[StayT, LinkT]):
    """A server of one project: its sessions and their connections.

    Safe to use from several threads. It follows the project's clock: when somebody moves that, warnings and ends are
    due at once. Where time passes by itself, call :meth:`tick` after :meth:`seconds_until_due`.

    Args:
        project: decides which tokens are accepted.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self._lock = threading.RLock()
        self._links: set[LinkT] = set()
        self._sessions: list[StayT] = []
        project.clock.subscribe(self.tick)

    @property
    def sessions(self) -> tuple[StayT, ...]:
        """All sessions, oldest first, also those that are over."""
        with self._lock:
            return tuple(self._sessions)

    def connect(self, wake: Wake = lambda: None) -> LinkT:
        """Accept a connection.

        Args:
            wake: called whenever the connection's ``take`` has something, from any thread. It must not block.

        Raises:
            InputError: there are ``MAX_CONNECTIONS`` already.
        """
        with self._lock:
            if len(self._links) >= MAX_CONNECTIONS:
                raise InputError("connections", f"are limited to {MAX_CONNECTIONS}.", "Close one of them first.")
            self._links.add(link := self._create_link(wake))
            return link

    def tick(self) -> None:
        """Tell and do whatever is due at the clock's time."""
        with self._lock:
            now = self.project.clock.now()
            for session in self._present():
                self._check_time(session, now)

    def seconds_until_due(self) -> float:
        """Return after how many real seconds :meth:`tick` has something to do; infinity if it never has."""
        with self._lock:
            times = [time for session in self._sessions for time in session._deadlines()]
            return min(map(self.project.clock.seconds_until, times), default=math.inf)

    @abstractmethod
    def ban(self, session: StayT) -> None:
        """Put a client out. It may come again. Does nothing if the session is over."""

    def ban_all(self, matches: Callable[[StayT], bool]) -> int:
        """Put out whoever is in and matches, and return how many."""
        with self._lock:
            sessions = [session for session in self._present() if matches(session)]
            for session in sessions:
                self.ban(session)
            return len(sessions)

    def reset(self) -> None:
        """Ban every client, so that its SDK does not come back by itself, and forget all sessions."""
        with self._lock:
            self.ban_all(lambda session: True)
            self._sessions.clear()

    @abstractmethod
    def _create_link(self, wake: Wake) -> LinkT: ...

    @abstractmethod
    def _check_time(self, session: StayT, now: int) -> None: ...

    def _present(self) -> list[StayT]:
        return [session for session in self._sessions if session.state == SessionState.IN]

    def _forget_oldest(self) -> None:
        over = [session for session in self._sessions if session.state == SessionState.OUT]
        for session in over[: max(0, len(self._sessions) - MAX_SESSIONS)]:
            self._sessions.remove(session)

    def _note(
        self, session: StayT, kind: EventKind, sdk: str, source: Source, admission: Admission | None = None
    ) -> None:
        session.recent_events.append(Event(self.project.clock.now(), kind, sdk, source, admission))

    def _note_lost(self, session: StayT) -> None:
        session._lost_at = self.project.clock.now()
        self._note(session, EventKind.CONNECTION_LOST, "", sources.CONNECTION_LOST)
