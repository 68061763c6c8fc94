"""Encrypting what few may read, and a keyed hash to find it again without reading it."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet
from django.conf import settings


def _key(purpose: str) -> bytes:
    secret = settings.FIELD_KEY.encode()
    return hmac.digest(secret, purpose.encode(), "sha256")


def encrypt(text: str) -> bytes:
    """The text under the installation's field key (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return Fernet(base64.urlsafe_b64encode(_key("field"))).encrypt(text.encode())


def decrypt(token: bytes) -> str:
    """Raises cryptography.fernet.InvalidToken when the key is another or the bytes were changed."""
    return Fernet(base64.urlsafe_b64encode(_key("field"))).decrypt(bytes(token)).decode()


def keyed_hash(text: str) -> str:
    """64 hex digits, the same for the same text in this installation, useless elsewhere."""
    return hmac.new(_key("look-up"), text.encode(), hashlib.sha256).hexdigest()
