"""A model as one file: a line, a hash, then arrays and a JSON header. Nothing in it is code."""

import hashlib
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from sanshe.engine.classify.chances import Choice
from sanshe.engine.errors import EngineError
from sanshe.engine.features import ENCODER_SIZE, Vocabulary

if TYPE_CHECKING:
    from sanshe.engine.classify.model import Model

_MAGIC = b"SANSHE-MODEL 1\n"
#: Half precision is enough for these; sums of `point_weights` need more.
_HALF = ("char_weights", "points", "vectors")
_FULL = ("point_weights", "expected", "bias")


class BadModel(EngineError):
    """The bytes are not a model of this version, or were changed."""


def pack(model: "Model") -> bytes:
    """The model's bytes; the same model gives the same bytes."""
    header = {
        "version": model.version,
        "labels": model.labels,
        "parents": dict(model.parents),
        "terms": "\n".join(model.vocabulary.terms),
        "choice": asdict(model.choice),
        "scores": dict(model.scores),
        "harm_labels": model.harm_labels,
        "rows": [[r.text, r.label, r.safety, r.weight] for r in model.rows],
    }
    body = io.BytesIO()
    arrays = {name: getattr(model, name).astype(np.float16) for name in _HALF}
    arrays |= {name: getattr(model, name).astype(np.float32) for name in _FULL}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    np.savez(
        body,
        header=np.frombuffer(text, dtype=np.uint8),
        rarity=model.vocabulary.rarity,
        **arrays,
    )
    data = body.getvalue()
    return _MAGIC + hashlib.sha256(data).hexdigest().encode() + b"\n" + data


def unpack(data: bytes) -> "Model":
    """The model in the bytes.

    Raises:
        BadModel: not a model, another version, or not what was written.
    """
    from sanshe.engine.classify.model import Model, Row

    if not data.startswith(_MAGIC):
        raise BadModel("not a model of this version")
    start = len(_MAGIC) + 65
    body = data[start:]
    if hashlib.sha256(body).hexdigest().encode() != data[len(_MAGIC) : start - 1]:
        raise BadModel("the model file was changed or cut short")
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            header: dict[str, Any] = json.loads(arrays["header"].tobytes())
            rarity = arrays["rarity"]
            parts = {name: arrays[name].astype(np.float32) for name in (*_HALF, *_FULL)}
        terms = header["terms"].split("\n") if header["terms"] else []
        model = Model(
            version=header["version"],
            labels=tuple(header["labels"]),
            parents=header["parents"],
            vocabulary=Vocabulary(terms, rarity),
            choice=Choice(**header["choice"]),
            scores=header["scores"],
            harm_labels=tuple(header["harm_labels"]),
            rows=tuple(Row(*row) for row in header["rows"]),
            **parts,
        )
    except (BadZipFile, KeyError, ValueError, TypeError, OSError) as problem:
        raise BadModel(f"the model file cannot be read: {problem}") from problem
    _check_shapes(model)
    return model


def _check_shapes(model: "Model") -> None:
    columns = len(model.labels) + 1
    if model.char_weights.shape != (len(model.vocabulary.terms), columns):
        raise BadModel("the model's weights do not fit its labels")
    if len(model.points) and (
        model.points.shape[1] != ENCODER_SIZE
        or model.point_weights.shape != (len(model.points), columns)
        or model.expected.shape != (columns,)
    ):
        raise BadModel("the model's weights do not fit the encoder")
    if model.bias.shape != (columns,) or len(model.vocabulary.rarity) != len(
        model.vocabulary.terms
    ):
        raise BadModel("the model's weights do not fit its labels")
