"""A model as one file: a line, a hash, then arrays and a JSON header. Nothing in it is code."""

import hashlib
import io
import json
from dataclasses import asdict
from typing import Any
from zipfile import BadZipFile

import numpy as np

from sanshe.engine.classify.chances import Choice
from sanshe.engine.classify.harm import Harm
from sanshe.engine.classify.lessons import Row
from sanshe.engine.classify.model import Model
from sanshe.engine.errors import EngineError
from sanshe.engine.features import ENCODER_SIZE, Vocabulary
from sanshe.engine.safety import KINDS_OF_SIGNS

_MAGIC = b"SANSHE-MODEL 3\n"
#: Half precision is enough for these; sums of `point_weights` need more.
_HALF = ("char_weights", "points", "vectors")
_FULL = ("point_weights", "expected", "bias")
_HARM = ("gram_weights", "point_weights", "sign_weights", "label_rates")
_HARM_NUMBERS = (
    "label_weight", "near_weight", "expected", "near_expected", "bias", "threshold",
)  # fmt: skip


class BadModel(EngineError):
    """The bytes are not a model of this version, or were changed."""


def pack(model: Model) -> bytes:
    """The model's bytes; the same model gives the same bytes."""
    header = {
        "version": model.version,
        "labels": model.labels,
        "parents": dict(model.parents),
        "terms": "\n".join(model.vocabulary.terms),
        "choice": asdict(model.choice),
        "scores": dict(model.scores),
        "harm": {
            "terms": "\n".join(model.harm.vocabulary.terms),
            "longest": model.harm.vocabulary.longest,
            **{name: getattr(model.harm, name) for name in _HARM_NUMBERS},
        },
        "rows": [[r.text, r.label, r.safety, r.weight] for r in model.rows],
    }
    body = io.BytesIO()
    arrays = {name: getattr(model, name).astype(np.float16) for name in _HALF}
    arrays |= {name: getattr(model, name).astype(np.float32) for name in _FULL}
    arrays |= {f"harm_{name}": getattr(model.harm, name) for name in _HARM}
    arrays |= {"rarity": model.vocabulary.rarity, "harm_rarity": model.harm.vocabulary.rarity}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    np.savez(body, header=np.frombuffer(text, dtype=np.uint8), **arrays)
    data = body.getvalue()
    return _MAGIC + hashlib.sha256(data).hexdigest().encode() + b"\n" + data


def unpack(data: bytes) -> Model:
    """The model in the bytes.

    Raises:
        BadModel: not a model, another version, or not what was written.
    """
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
            harm = header["harm"]
            heard = Vocabulary(_terms(harm), arrays["harm_rarity"], harm["longest"])
            harm_parts: dict[str, Any] = {name: arrays[f"harm_{name}"] for name in _HARM}
            harm_parts |= {name: float(harm[name]) for name in _HARM_NUMBERS}
        model = Model(
            version=header["version"],
            labels=tuple(header["labels"]),
            parents=header["parents"],
            vocabulary=Vocabulary(_terms(header), rarity),
            choice=Choice(**header["choice"]),
            scores=header["scores"],
            harm=Harm(vocabulary=heard, **harm_parts),
            rows=tuple(Row(*row) for row in header["rows"]),
            **parts,
        )
    except (BadZipFile, KeyError, ValueError, TypeError, OSError) as problem:
        raise BadModel(f"the model file cannot be read: {problem}") from problem
    _check_shapes(model)
    return model


def _terms(header: dict[str, Any]) -> list[str]:
    return header["terms"].split("\n") if header["terms"] else []


def _check_shapes(model: Model) -> None:
    columns = len(model.labels)
    harm = model.harm
    if harm.gram_weights.shape != (len(harm.vocabulary.terms),) or (
        harm.sign_weights.shape != (KINDS_OF_SIGNS,)
        or harm.point_weights.shape not in ((0,), (len(model.points),))
        or harm.label_rates.shape not in ((0,), (columns,))
    ):
        raise BadModel("the model's weights for harm do not fit")
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
