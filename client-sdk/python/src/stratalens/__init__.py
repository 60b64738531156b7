"""The logit lens as arrays: a client of a Stratalens server.

>>> import stratalens
>>> lens = stratalens.connect("localhost:50061")
>>> result = lens.analyze("The capital of France is", targets=[" Paris"])
>>> result.entropy[5, -1], result.ranks[" Paris"][5, -1], result.top_k[9, -1]

Contents: ``connect`` and ``local`` give a ``LensClient``; its ``analyze``, ``stream``, ``batch``, ``generate`` and ``sweep``
give results. ``interventions``, ``directions`` and ``metrics`` make what changes and measures a pass.
"""

from stratalens import directions, interventions, metrics
from stratalens.attribution import Attribution
from stratalens.batch import Batch
from stratalens.batch_item import BatchItem
from stratalens.client import LensClient, connect
from stratalens.comparison import Comparison, compare
from stratalens.connection import TLS
from stratalens.effect import InterventionEffect
from stratalens.errors import BrokenStreamError, StratalensError
from stratalens.generation import GeneratedToken, GenerationResult, Sampling
from stratalens.generation_stream import GenerationStream
from stratalens.kit import collect_logit_lens
from stratalens.layer_result import LayerResult
from stratalens.local_server import local
from stratalens.native_reader import load
from stratalens.prompts import Chat
from stratalens.result import LensResult
from stratalens.stream import LensStream
from stratalens.sweep import SweepCell, SweepResult
from stratalens.sweep_stream import SweepStream
from stratalens.targets import FINAL_TOP, NEXT_TOKEN
from stratalens.tokens import Prediction, Token

__all__ = [
    "FINAL_TOP",
    "NEXT_TOKEN",
    "TLS",
    "Attribution",
    "Batch",
    "BatchItem",
    "BrokenStreamError",
    "Chat",
    "Comparison",
    "GeneratedToken",
    "GenerationResult",
    "GenerationStream",
    "InterventionEffect",
    "LayerResult",
    "LensClient",
    "LensResult",
    "LensStream",
    "Prediction",
    "Sampling",
    "StratalensError",
    "SweepCell",
    "SweepResult",
    "SweepStream",
    "Token",
    "collect_logit_lens",
    "compare",
    "connect",
    "directions",
    "interventions",
    "load",
    "local",
    "metrics",
]
