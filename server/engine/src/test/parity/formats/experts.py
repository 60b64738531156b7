"""All experts' matrices of a kind in one tensor, as formats other than transformers' have them."""

import re

import torch

from case import Tensors

EXPERT = re.compile(r"\.experts\.(\d+)\.")


def experts_stacked(tensors: Tensors, folder: str = "experts") -> Tensors:
    stacks = {}
    for name, tensor in tensors.items():
        expert = EXPERT.search(name)
        stacks.setdefault(EXPERT.sub(f".{folder}.", name), {})[int(expert[1]) if expert else None] = tensor
    return {name: stack[None] if None in stack else torch.stack([stack[number] for number in sorted(stack)])
            for name, stack in stacks.items()}


def experts_apart(tensors: Tensors, folder: str = "experts") -> Tensors:
    stack = f".{folder}."
    return {name.replace(stack, f".experts.{number}.") if stack in name else name: part
            for name, tensor in tensors.items()
            for number, part in enumerate(tensor if stack in name else [tensor])}
