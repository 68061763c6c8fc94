"""Who signs in. Owns User and the pages of signing in.

What a person may do comes from organizations.Membership, a floor above.
"""
