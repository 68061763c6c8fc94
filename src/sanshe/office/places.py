"""The gazetteer that ships with the product."""

import csv
from pathlib import Path

from sanshe.engine.gazetteer import Gazetteer, Place

SHISHI = Path(__file__).resolve().parents[1] / "places" / "data" / "shishi.csv"


def load_gazetteer(path: Path = SHISHI) -> Gazetteer:
    """Read a divisions table (columns as in `places/data/shishi.csv`)."""
    with path.open(encoding="utf-8", newline="") as file:
        return Gazetteer(Place(**row) for row in csv.DictReader(file))
