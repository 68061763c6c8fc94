"""What every test of the tree shares."""

import os

from hypothesis import HealthCheck, settings

# Machines that build are slow and shared; a deadline would measure them, not the code.
settings.register_profile(
    "sanshe", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("sanshe")

# The terminal's language must not decide what a test reads.
os.environ["SANSHE_LANG"] = "zh"
