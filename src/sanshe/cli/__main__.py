"""`python -m sanshe.cli`."""

from sanshe.cli import main

main()
