"""Prints the model types that the reference can load as causal models, those of ../resources/reference/causal-models.tsv."""

import transformers
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

print(f"# transformers {transformers.__version__}", *sorted(MODEL_FOR_CAUSAL_LM_MAPPING_NAMES), sep="\n")
