"""A practice Agora for the pages of a test: access point, media server and Signaling server of one project."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..credentials import Credentials, wrong_credentials
from ..errors import ErrorCode, InputError
from ..practice.certificates import Mechanism, MechanismLike
from ..practice.clock import Clock
from ..practice.project import Project
from ..practice.session import MediaServer, Session
from ..practice.signaling import SignalingServer, SignalingSession
from ..practice_server.access_point import Exchange, create_access_point
from ..secret import hide
from ..validation import type_name
from .bridge import REQUESTS, WEB_SOCKETS, Bridge
from .report import describe

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext as AsyncBrowserContext
    from playwright.async_api import Page as AsyncPage
    from playwright.sync_api import BrowserContext, Page


class PracticeAgora:
    """A model of Agora that the unmodified SDKs of a page under test talk to. No account, no network.

    Args:
        credentials: of the practice project, the same as the app's token server has; default: Agora's sample pair.
        mechanism: ``"app_id"``, ``"token"`` or ``"app_id_or_token"``.
        co_host_authentication: whether the privileges to publish are enforced.
        clock: the time in the project; default: the real time, until a test moves it.

    Raises:
        InputError: an argument is invalid.

    >>> with PracticeAgora(mechanism="token") as agora:
    ...     agora.clock.advance(3570)
    ...     agora.sessions
    ()
    """

    def __init__(
        self,
        credentials: Credentials | None = None,
        mechanism: MechanismLike = Mechanism.TOKEN,
        *,
        co_host_authentication: bool = False,
        clock: Clock | None = None,
    ) -> None:
        if not isinstance(credentials, Credentials | None):
            raise wrong_credentials(credentials := hide(credentials))
        credentials = credentials or Credentials.demo()
        self._open(
            Project(credentials, mechanism=mechanism, co_host_authentication=co_host_authentication, clock=clock)
        )

    @classmethod
    def around(cls, project: Project) -> Self:
        """Return a practice Agora with a project of your own."""
        agora = cls.__new__(cls)
        agora._open(project)
        return agora

    def _open(self, project: Project) -> None:
        self.project = project
        """Decides who is admitted. You may change it meanwhile."""
        point = create_access_point(project)
        self.exchanges: list[Exchange] = point.state.exchanges
        """The SDKs' requests to enter, with the answers, oldest first."""
        self._media_server: MediaServer = point.state.media_server
        self._signaling_server: SignalingServer = point.state.signaling_server
        self._bridge = Bridge(point)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all connections."""
        self._bridge.close()

    @property
    def clock(self) -> Clock:
        """The time in the project. When a test moves it, pages get what is due with the test's next call."""
        return self.project.clock

    @property
    def sessions(self) -> tuple[Session | SignalingSession, ...]:
        """Clients that are, or were, in a channel (:class:`Session`), then those logged in to messaging."""
        for server in (self._media_server, self._signaling_server):
            server.tick()
        return (*self._media_server.sessions, *self._signaling_server.sessions)

    def ban(self, session: Session | SignalingSession) -> None:
        """Put a client out, like the kicking rule of Agora's REST API. Does nothing if it is out already.

        Raises:
            InputError: it is none of the ``sessions``, but a uid, for example.
        """
        if isinstance(session, Session):
            self._media_server.ban(session)
        elif isinstance(session, SignalingSession):
            self._signaling_server.ban(session)
        else:
            problem = f"must be a session, not {type_name(session)}."
            raise InputError("session", problem, "Pass one of sessions.", code=ErrorCode.WRONG_TYPE)

    def install(self, target: Page | BrowserContext) -> None:
        """Lead what Agora's SDKs send to this model. Requests to all other hosts stay as they are.

        Args:
            target: a page, or a context with its popups, of Playwright's sync API. Call this before the page loads.
        """
        target.route(REQUESTS, self._bridge.answer)
        target.route_web_socket(WEB_SOCKETS, self._bridge.connect)

    async def install_async(self, target: AsyncPage | AsyncBrowserContext) -> None:
        """Do the same for Playwright's async API."""
        await target.route(REQUESTS, self._bridge.answer_async)
        await target.route_web_socket(WEB_SOCKETS, self._bridge.connect)

    def report(self) -> str:
        """Return what happened, for a failed test: each request to enter, each session, and what to do.

        >>> print(PracticeAgora().report())
        No client has sent a request to Agora.
          Call install() before the page loads, and after routes of your own that match Agora's hosts.
        """
        return describe(self.exchanges, self.sessions)

    def __repr__(self) -> str:
        return f"<PracticeAgora: {getattr(self, 'project', 'without a project')}>"
