"""Texts in one form, whatever the case, the width of their characters and the language of two sentences."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = r"(?:token|dynamic key|channel key|jeton|رمز|トークン|토큰|令牌|токен)"  # noqa: S105
_EXPIRED = re.compile(
    rf"{_TOKEN}.{{0,30}}?(?:expir(?:ó|ou|é|ad[ao])|caduc(?:ó|ad[ao])|venc(?:id[ao]|ió)|abgelaufen|истек"
    r"|过期|過期|失效|期限切れ|有効期限.{0,5}切れ|有効期限|만료|hết hạn|süresi dol|kedaluwarsa|انتهت)"
    rf"|(?:abgelaufen\w*|caducad[ao]|expirad[ao]|已过期|期限切れ|만료).{{0,10}}?{_TOKEN}",
    re.DOTALL,
)
_INVALID = re.compile(
    rf"{_TOKEN}.{{0,30}}?(?:inválid[ao]|invalide|no (?:es )?válid[ao]|non valide|ungültig|неверн|недейств"
    r"|无效|無效|错误(?!码)|不正确|無効|不正|유효하지|잘못|không hợp lệ|geçersiz|tidak valid|غير صالح)"
    rf"|(?:ungültig\w*|无效|無効|유효하지|잘못된|неверн\w*).{{0,10}}?{_TOKEN}",
    re.DOTALL,
)


def normalise(text: str) -> str:
    """Return a text in lower case, with full-width characters and the minus sign in their plain form."""
    return unicodedata.normalize("NFKC", text).lower().replace("\N{MINUS SIGN}", "-")


def translate(lower: str) -> str:
    """Put "token expired" and "invalid token" in place of what says so in another language.

    The languages are Chinese, Japanese, Korean, Spanish, Portuguese, French, German, Russian, Vietnamese, Turkish,
    Indonesian and Arabic.

    >>> translate("agora: le jeton a expiré")
    'agora: le  token expired '
    """
    return _INVALID.sub(" invalid token ", _EXPIRED.sub(" token expired ", lower))
