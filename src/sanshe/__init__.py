"""三社 Sanshe: one thread from a resident's sentence to the service that answered it."""

__version__ = "0.1.0"
