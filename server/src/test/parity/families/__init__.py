"""All cases. A family is one module here with a list CASES, named in the list below."""

from . import gpt2, llama

CASES = [*gpt2.CASES, *llama.CASES]
