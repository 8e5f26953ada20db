"""Is a token genuine? Its signature is made again, with each certificate and for each client that it may be for."""

from __future__ import annotations

import hmac

from . import token006, token007
from .decoded import DecodedToken
from .findings import Expected, crc_of, reason
from .reasons import Reason, ReasonCode


def signature_finding(decoded: DecodedToken, certificates: list[str], expected: Expected) -> Reason | None:
    """Over the bytes as received, compared in constant time. None: signed with the first certificate."""
    if decoded.version == token007.VERSION:
        info = (decoded.issued_at or 0, decoded.salt, decoded.signed)
        made = [[token007.sign(certificate, *info)] for certificate in certificates]
        for_another = False
    else:
        pairs = _signed_for(decoded, expected)
        if not pairs:
            detail = "A 006 token does not contain its channel and uid: pass them to check its signature."
            return reason(ReasonCode.SIGNATURE_NOT_CHECKED, detail)
        made = [[token006.sign(decoded.app_id, key, *pair, decoded.signed) for pair in pairs] for key in certificates]
        checksums = (decoded.crc_channel_name, decoded.crc_uid)
        for_another = all((crc_of(name), crc_of(uid)) != checksums for name, uid in pairs)
    fits = [sum(hmac.compare_digest(decoded.signature, one) for one in signatures) > 0 for signatures in made]
    if fits[0]:
        return None
    if any(fits):
        return reason(ReasonCode.SIGNED_BY_SECONDARY, "Signed with the secondary certificate.")
    if for_another:
        detail = "It is for another channel or user, and which one a 006 token does not say for sure."
        return reason(ReasonCode.SIGNATURE_NOT_CHECKED, detail)
    return reason(ReasonCode.WRONG_SIGNATURE, "Signed with another App Certificate, or changed after it was signed.")


def _signed_for(decoded: DecodedToken, expected: Expected) -> list[tuple[str, str]]:
    """The pairs of channel and uid that a 006 signature may cover, as far as they are known."""
    pairs = [] if expected.user is None else [(expected.user, "")]
    if expected.channel is not None:
        if decoded.crc_uid == 0 and (expected.who is None or crc_of(expected.who) != 0):
            pairs.append((expected.channel, ""))  # for anyone
        elif expected.who is not None:
            pairs.append((expected.channel, expected.who))
    return pairs
