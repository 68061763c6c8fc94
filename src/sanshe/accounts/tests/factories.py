"""Accounts for tests."""

from sanshe.accounts.models import User

PASSWORD = "shishi-spring-2026"


def make_user(username: str = "lin", *, name: str = "", active: bool = True) -> User:
    """An account with the password `PASSWORD`; the same name again is the same account."""
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    return User.objects.create_user(
        username=username, password=PASSWORD, name=name or username, is_active=active
    )
