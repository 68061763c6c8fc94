"""The models a command uses: shipped ones, or a classifier made by `learn`."""

from pathlib import Path

from sanshe.cli.console import Problem
from sanshe.config import env
from sanshe.engine.classify import BadModel, Model, unpack
from sanshe.engine.merge import Scorer
from sanshe.office.errors import refusal
from sanshe.taxonomy.merge_model import shipped_scorer
from sanshe.taxonomy.model import shipped_model

#: Larger files are no model of ours.
_MOST_BYTES = 500 * 2**20


def model_for(path: Path | None) -> Model:
    """The model of a file, or the shipped one (trained at its first use, then kept).

    Raises:
        Problem: the file is not a model.
        OfficeError: the file cannot be read.
    """
    if path is None:
        return shipped_model(env.home())
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise refusal("too_big", path.name, detail=f" {path.stat().st_size >> 20} MB")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise refusal("missing", str(path)) from error
    except IsADirectoryError as error:
        raise refusal("not_a_file", path.name) from error
    except PermissionError as error:
        raise refusal("no_permission", path.name) from error
    try:
        return unpack(content)
    except BadModel as error:
        raise Problem(
            "bad_model",
            f"“{path.name}”不是可用的模型文件，请用 sanshe learn 重新生成。",
            f"“{path.name}” is not a usable model file; make it again with sanshe learn.",
        ) from error


def scorer() -> Scorer:
    """What tells whether two sentences ask for the same (trained at its first use, then kept)."""
    return shipped_scorer(env.home())
