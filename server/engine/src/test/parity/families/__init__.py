"""All cases. A lineage is one module here with a list CASES, named in the list below."""

from . import gemma, gpt2, gpt_relatives, hybrids, llama, llama_relatives, mixtures, streams, wrapped

CASES = [*gpt2.CASES, *gpt_relatives.CASES, *llama.CASES, *llama_relatives.CASES, *gemma.CASES, *mixtures.CASES,
         *hybrids.CASES, *streams.CASES, *wrapped.CASES]
