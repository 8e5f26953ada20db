"""The certificates of a project, and what you can do with them in the Agora Console."""

from __future__ import annotations

import hmac
from enum import StrEnum
from typing import Literal

from ..credentials import check_credential
from ..errors import ErrorCode, InputError
from ..secret import Secret, hide


class Mechanism(StrEnum):
    """What a client needs to be admitted to a project."""

    APP_ID = "app_id"
    """Only the App ID. A client must not send a token. The console calls it testing mode."""
    TOKEN = "token"  # noqa: S105
    """Always a token. The console calls it secured mode."""
    APP_ID_OR_TOKEN = "app_id_or_token"  # noqa: S105
    """Either of the two, for a migration in which old clients do not send a token yet."""


MechanismLike = Mechanism | Literal["app_id", "token", "app_id_or_token"]
"""What arguments accept: a mechanism or its value."""


class Certificates:
    """A primary certificate, perhaps a secondary one, and the entry *No certificate*. No certificate is ever shown.

    Args:
        primary: the primary App Certificate, 32 hexadecimal characters.
        mechanism: ``"app_id"``, ``"token"`` or ``"app_id_or_token"``; decides which entries are enabled at first.

    Raises:
        InputError: an argument is invalid.

    >>> from agora_helpers import Credentials
    >>> certificates = Certificates(Credentials.demo().app_certificate, "app_id")
    >>> certificates.enable_primary()
    >>> certificates.mechanism.value, certificates.entries
    ('app_id_or_token', {'primary': 'enabled', 'no certificate': 'enabled'})
    """

    __slots__ = ("_no_certificate", "_primary", "_primary_enabled", "_secondary", "_secondary_enabled")

    def __init__(self, primary: str, mechanism: MechanismLike = Mechanism.TOKEN) -> None:
        primary = hide(primary)
        self._no_certificate: bool | None = None  # None: deleted
        self._secondary: Secret | None = None
        self._primary_enabled = self._secondary_enabled = False
        self.require(mechanism)
        self._primary = check_credential("primary", primary)

    @property
    def mechanism(self) -> Mechanism:
        """The mechanism that follows from the enabled entries: the primary certificate, *No certificate*, or both."""
        if not self._primary_enabled:
            return Mechanism.APP_ID
        return Mechanism.APP_ID_OR_TOKEN if self._no_certificate else Mechanism.TOKEN

    def require(self, mechanism: MechanismLike) -> None:
        """Enable and disable entries so that clients need what a mechanism says. All certificates remain.

        A shortcut for exercises: in the console a primary certificate stays enabled, and the entry *No certificate*
        does not come back once it is deleted.

        Args:
            mechanism: ``"app_id"``, ``"token"`` or ``"app_id_or_token"``.

        Raises:
            InputError: ``mechanism`` is not one of these.

        >>> from agora_helpers import Credentials
        >>> certificates = Certificates(Credentials.demo().app_certificate, "app_id_or_token")
        >>> certificates.require("token")
        >>> certificates.entries
        {'primary': 'enabled', 'no certificate': 'disabled'}
        """
        if mechanism not in tuple(Mechanism):
            problem = 'must be "app_id", "token" or "app_id_or_token".'
            raise InputError("mechanism", problem, code=ErrorCode.UNKNOWN_CHOICE)
        self._primary_enabled = mechanism != Mechanism.APP_ID
        if mechanism != Mechanism.TOKEN:
            self._no_certificate = True
        elif self._no_certificate:
            self._no_certificate = False

    @property
    def entries(self) -> dict[str, str]:
        """The entries as the console lists them, each ``"enabled"`` or ``"disabled"``."""
        states = {True: "enabled", False: "disabled"}
        entries = {"primary": states[self._primary_enabled]}
        if self._secondary is not None:
            entries["secondary"] = states[self._secondary_enabled]
        return entries | ({} if self._no_certificate is None else {"no certificate": states[self._no_certificate]})

    @property
    def accepted(self) -> tuple[Secret, ...]:
        """The certificates whose tokens are accepted, the primary one first. Keep them secret."""
        primary = (self._primary,) if self._primary_enabled else ()
        return primary + ((self._secondary,) if self._secondary is not None and self._secondary_enabled else ())

    @property
    def disabled(self) -> tuple[str, ...]:
        """The certificates that still exist but whose tokens are rejected. Keep them secret."""
        primary = () if self._primary_enabled else (self._primary,)
        return primary + ((self._secondary,) if self._secondary is not None and not self._secondary_enabled else ())

    def value(self, entry: Literal["primary", "secondary"]) -> Secret:
        """Return a certificate, enabled or not, for the token server that signs with it. Keep it secret.

        Raises:
            InputError: there is no secondary certificate.
        """
        return self._primary if entry == "primary" else self._require_secondary()

    def enable_primary(self) -> None:
        """Enable the primary certificate: clients with a token are admitted, and clients without one still are."""
        self._primary_enabled = True

    def disable_no_certificate(self) -> None:
        """Disable the entry *No certificate*: clients without a token are rejected. It can be enabled again.

        Clients that are in a channel stay there until they renew a token or join again. Agora's security checklist
        says to disable the entry. Not documented: what happens to these clients, and that it can be enabled again.

        Raises:
            InputError: the entry was deleted, or the primary certificate is disabled.
        """
        self._require_no_certificate()
        if not self._primary_enabled:
            raise InputError("no certificate", "is the only enabled entry.", "Enable the primary certificate first.")
        self._no_certificate = False

    def enable_no_certificate(self) -> None:
        """Enable the entry *No certificate* again: clients without a token are admitted.

        Not documented: that the console allows this.

        Raises:
            InputError: the entry was deleted.
        """
        self._require_no_certificate()
        self._no_certificate = True

    def delete_no_certificate(self) -> None:
        """Delete the entry *No certificate*. This cannot be undone.

        Agora's page on managing projects says to enable the primary certificate first. Not documented: that the entry
        must be disabled before. This model treats it like the secondary certificate, for which the page says so.

        Raises:
            InputError: the entry was deleted before, or is enabled: only a disabled entry can be deleted.
        """
        self._require_no_certificate()
        if self._no_certificate:
            hint = "Disable it first; deleting cannot be undone. Not documented: whether Agora requires this, too."
            raise InputError("no certificate", "is enabled.", hint)
        self._no_certificate = None

    def add_secondary(self, app_certificate: str) -> None:
        """Add a second certificate and enable it: tokens signed with either one are accepted.

        Args:
            app_certificate: 32 hexadecimal characters.

        Raises:
            InputError: there is a secondary certificate already, the primary one is disabled or the same, or
                ``app_certificate`` is malformed.
        """
        app_certificate = hide(app_certificate)
        if self._secondary is not None:
            hint = "Delete it first: a project has at most two certificates."
            raise InputError("secondary", "already exists.", hint)
        if not self._primary_enabled:
            hint = "Enable the primary certificate first."
            raise InputError("secondary", "needs an enabled primary certificate.", hint)
        secondary = check_credential("secondary", app_certificate)
        if hmac.compare_digest(secondary, self._primary):
            raise InputError("secondary", "is the same as the primary certificate.", "Add a different one.")
        self._secondary = secondary
        self._secondary_enabled = True

    def swap(self) -> None:
        """Swap primary and secondary; tokens signed with either one stay valid.

        Raises:
            InputError: there is no enabled secondary certificate.
        """
        if not self._require_secondary() or not self._secondary_enabled:
            raise InputError("secondary", "is disabled.", "Enable it first.")
        self._primary, self._secondary = self._require_secondary(), self._primary

    def disable_secondary(self) -> None:
        """Disable the secondary certificate: tokens signed with it are rejected. It can be enabled again.

        Raises:
            InputError: there is no secondary certificate.
        """
        self._require_secondary()
        self._secondary_enabled = False

    def enable_secondary(self) -> None:
        """Enable the secondary certificate again.

        Raises:
            InputError: there is no secondary certificate.
        """
        self._require_secondary()
        self._secondary_enabled = True

    def delete_secondary(self) -> None:
        """Delete the secondary certificate. This cannot be undone.

        Raises:
            InputError: there is none, or it is enabled: only a disabled certificate can be deleted.
        """
        self._require_secondary()
        if self._secondary_enabled:
            raise InputError("secondary", "is enabled.", "Disable it first; deleting cannot be undone.")
        self._secondary = None

    def _require_no_certificate(self) -> None:
        if self._no_certificate is None:
            raise InputError("no certificate", "does not exist.", "A project that requires tokens has no such entry.")

    def _require_secondary(self) -> Secret:
        if self._secondary is None:
            raise InputError("secondary", "does not exist.", "Add one first.")
        return self._secondary

    def __repr__(self) -> str:
        return f"<Certificates: {', '.join(f'{name} {state}' for name, state in self.entries.items())}>"
