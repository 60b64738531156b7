"""Checkpoints in other formats than plain safetensors, and what transformers computes from their weights."""
