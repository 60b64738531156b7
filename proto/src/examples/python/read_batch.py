"""Asks many prompts over one call: python read_batch.py HOST:PORT PROMPT...

Prints what the last layer predicts after each prompt, as they are done. For the stubs see read_stream.py.
"""

import math
import sys
from collections.abc import Iterator

import grpc

from stratalens.v1 import lens_service_pb2, lens_service_pb2_grpc


def requests(prompts: list[str]) -> Iterator[lens_service_pb2.AnalyzeBatchRequest]:
    # Taken by the server as it has room, so this may as well read a corpus from a file.
    for tag, prompt in enumerate(prompts):
        yield lens_service_pb2.AnalyzeBatchRequest(
            tag=tag, request=lens_service_pb2.AnalyzeRequest(text=prompt, top_k=1)
        )


def main(address: str, *prompts: str) -> None:
    # Events of different prompts are interleaved: what belongs together has the same tag.
    texts: dict[int, dict[int, str]] = {tag: {} for tag in range(len(prompts))}
    best: dict[int, tuple[int, float]] = {}
    with grpc.insecure_channel(address) as channel:
        for response in lens_service_pb2_grpc.LensServiceStub(channel).AnalyzeBatch(requests(list(prompts))):
            tag = response.tag
            if response.WhichOneof("outcome") == "error":  # of this prompt alone
                print(f"{tag}: {response.error.message}")
                del texts[tag]
                continue
            event = response.event.WhichOneof("event")
            if event == "header":
                learn(texts[tag], response.event.header.new_tokens)
            elif event == "targets":
                learn(texts[tag], response.event.targets.new_tokens)
            elif event == "layer_chunk":
                chunk = response.event.layer_chunk
                learn(texts[tag], chunk.new_tokens)
                best[tag] = chunk.token_ids[-1], chunk.log_probs[-1]  # layers and positions ascend: the last one stays
            elif event == "summary":
                token, log_prob = best.pop(tag)
                print(f"{tag}: {prompts[tag]!r} goes on with {texts.pop(tag)[token]!r} {math.exp(log_prob):.1%}")
    if texts:
        sys.exit(f"the stream ended without an answer to {sorted(texts)}")


def learn(texts: dict[int, str], table) -> None:
    texts.update((i, text.decode(errors="replace")) for i, text in zip(table.ids, table.texts))


if __name__ == "__main__":
    main(*sys.argv[1:])
