"""What few may read, and finding it again without reading it."""

import pytest
from cryptography.fernet import InvalidToken
from django.test import override_settings

from sanshe.core.encryption import decrypt, encrypt, keyed_hash


def test_what_was_encrypted_is_read_back_and_never_stored_plain() -> None:
    token = encrypt("身份证 350581199001011234")
    assert b"350581" not in token
    assert decrypt(token) == "身份证 350581199001011234"


def test_the_same_words_look_different_each_time() -> None:
    assert encrypt("同一句话") != encrypt("同一句话")


def test_another_installation_cannot_read_it() -> None:
    token = encrypt("秘密")
    with override_settings(FIELD_KEY="another key"), pytest.raises(InvalidToken):
        decrypt(token)


def test_changed_bytes_are_refused() -> None:
    token = bytearray(encrypt("秘密"))
    token[-5] ^= 1
    with pytest.raises(InvalidToken):
        decrypt(bytes(token))


def test_a_keyed_hash_finds_the_same_and_is_useless_elsewhere() -> None:
    here = keyed_hash("350581199001011234")
    assert here == keyed_hash("350581199001011234")
    assert here != keyed_hash("350581199001011235")
    assert len(here) == 64
    with override_settings(FIELD_KEY="another key"):
        assert keyed_hash("350581199001011234") != here
