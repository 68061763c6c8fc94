"""What a table may be at most, and the fence round the process that reads it."""

import sys

MAX_FILE_BYTES = 300 * 2**20
MAX_UNPACKED_BYTES = 800 * 2**20
MAX_RATIO = 250
RATIO_FROM_BYTES = 20 * 2**20
MAX_MEMBERS = 10_000
MAX_SHEETS = 256
MAX_ROWS = 1_000_100
MAX_COLUMNS = 2_000
MAX_CELLS = 8_000_000
MAX_CHARS = 150_000_000
MAX_CELL_CHARS = 1_000_000
MAX_MERGED_CELLS = 4_000_000

MEMORY_BYTES = 860 * 2**20
BASE_SECONDS = 8.0
SECONDS_PER_MB = 0.6
FREE_MB = 8


class Refused(Exception):
    """Raised inside the child: the file is refused for the reason `code`."""

    def __init__(self, code: str, detail: str = "", detail_en: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.detail_en = detail_en or detail


def seconds_for(size: int) -> float:
    """How long reading a file of `size` bytes may take: 8 s, more only for truly large ones."""
    return BASE_SECONDS + max(0.0, size / 2**20 - FREE_MB) * SECONDS_PER_MB


def fence(seconds: float) -> None:
    """Bound this process's memory, processor time and writing; does nothing on Windows."""
    if sys.platform == "win32":
        return
    import resource

    bounds = [
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ]
    if sys.platform != "darwin":  # macOS refuses to bound address space
        bounds.append((resource.RLIMIT_AS, MEMORY_BYTES))
    for kind, amount in bounds:
        hard = resource.getrlimit(kind)[1]
        amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (amount, amount))
