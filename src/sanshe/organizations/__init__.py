"""Organisations and who acts for them. Owns Organization, Membership and the roles.

`selectors.scope_of(user)` turns memberships into a Scope: which roles, where, for whom. Every
visible queryset in the product starts from a Scope.
"""
