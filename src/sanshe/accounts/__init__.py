"""Who signs in. Owns User. What a person may do comes from organizations.Membership, not from here."""
