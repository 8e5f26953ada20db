"""The list of certificates of a project, with what one can do to it in the Agora Console."""

from __future__ import annotations

import hmac
from enum import StrEnum

from ..credentials import check_credential
from ..errors import InputError


class Mechanism(StrEnum):
    """What lets a client into a project."""

    APP_ID = "app_id"
    """The App ID alone; a client must not send a token. The console calls it testing mode."""
    TOKEN = "token"  # noqa: S105
    """A token, always. The console calls it secured mode."""
    APP_ID_OR_TOKEN = "app_id_or_token"  # noqa: S105
    """Either: for the time in which old clients still come without a token."""


class Certificates:
    """At most two certificates, primary and secondary, and the entry *No certificate*. None of them is ever shown.

    Args:
        primary: the primary App Certificate.
        mechanism: which of the entries are enabled at first.

    Raises:
        InputError: an argument cannot be used.

    >>> from agora_helpers import Credentials
    >>> certificates = Certificates(Credentials.demo().app_certificate, "app_id")
    >>> certificates.enable_primary()
    >>> certificates.mechanism.value, certificates.entries
    ('app_id_or_token', {'primary': 'enabled', 'no certificate': 'enabled'})
    """

    __slots__ = ("_no_certificate", "_primary", "_primary_enabled", "_secondary", "_secondary_enabled")

    def __init__(self, primary: str, mechanism: str = Mechanism.TOKEN) -> None:
        if mechanism not in tuple(Mechanism):
            raise InputError("mechanism", "is none that a project has.", f"Say {' or '.join(Mechanism)}.")
        self._primary = check_credential("primary", primary)
        self._primary_enabled = mechanism != Mechanism.APP_ID
        self._no_certificate = mechanism != Mechanism.TOKEN
        self._secondary: str | None = None
        self._secondary_enabled = False

    @property
    def mechanism(self) -> Mechanism:
        """It follows from what is enabled: the primary certificate, *No certificate*, or both."""
        if not self._primary_enabled:
            return Mechanism.APP_ID
        return Mechanism.APP_ID_OR_TOKEN if self._no_certificate else Mechanism.TOKEN

    @property
    def entries(self) -> dict[str, str]:
        """The list as the console shows it: each entry, enabled or disabled."""
        enabled = {True: "enabled", False: "disabled"}
        found = {"primary": enabled[self._primary_enabled]}
        if self._secondary is not None:
            found["secondary"] = enabled[self._secondary_enabled]
        return found | ({"no certificate": "enabled"} if self._no_certificate else {})

    @property
    def accepted(self) -> tuple[str, ...]:
        """The certificates with which a token may be signed, the primary one first. Keep them to yourself."""
        primary = (self._primary,) if self._primary_enabled else ()
        return primary + ((self._secondary,) if self._secondary is not None and self._secondary_enabled else ())

    def enable_primary(self) -> None:
        """From App ID to *App ID or token*: tokens are accepted beside the App ID alone."""
        self._primary_enabled = True

    def delete_no_certificate(self) -> None:
        """From *App ID or token* to token: who comes without one is refused from now on.

        Raises:
            InputError: nothing else is enabled.
        """
        if not self._primary_enabled:
            raise InputError("no certificate", "is the only entry that is enabled.", "Enable the primary one first.")
        self._no_certificate = False

    def add_secondary(self, app_certificate: str) -> None:
        """A second certificate, enabled: tokens signed with either one are accepted.

        Raises:
            InputError: there is one already, the primary one is disabled or the same, or it is no certificate.
        """
        if self._secondary is not None:
            raise InputError("secondary", "is there already.", "A project has two certificates: delete this one first.")
        if not self._primary_enabled:
            raise InputError("secondary", "needs an enabled primary one.", "Enable the primary certificate first.")
        secondary = check_credential("secondary", app_certificate)
        if hmac.compare_digest(secondary, self._primary):
            raise InputError("secondary", "is the primary one.", "A second certificate is another one.")
        self._secondary = secondary
        self._secondary_enabled = True

    def swap(self) -> None:
        """Primary and secondary change places; tokens signed with either one stay good.

        Raises:
            InputError: there is no enabled secondary certificate.
        """
        if not self._require_secondary() or not self._secondary_enabled:
            raise InputError("secondary", "is disabled.", "Enable it first.")
        self._primary, self._secondary = self._require_secondary(), self._primary

    def disable_secondary(self) -> None:
        """Tokens signed with it are refused from now on. It can be enabled again."""
        self._require_secondary()
        self._secondary_enabled = False

    def enable_secondary(self) -> None:
        """The reverse of disabling it."""
        self._require_secondary()
        self._secondary_enabled = True

    def delete_secondary(self) -> None:
        """For good.

        Raises:
            InputError: there is none, or it is enabled: only a disabled certificate can be deleted.
        """
        self._require_secondary()
        if self._secondary_enabled:
            raise InputError("secondary", "is enabled.", "Disable it first; deleting cannot be undone.")
        self._secondary = None

    def _require_secondary(self) -> str:
        if self._secondary is None:
            raise InputError("secondary", "is not there.", "Add one first.")
        return self._secondary

    def __repr__(self) -> str:
        return f"<Certificates: {', '.join(f'{name} {state}' for name, state in self.entries.items())}>"
