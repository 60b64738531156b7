"""Asks many prompts over one call: python read_batch.py HOST:PORT PROMPT...

Prints what the last layer predicts after each prompt, as they are done. For the stubs see read_stream.py.
"""

import math
import sys
from collections.abc import Iterator

import grpc

from compact import Reader
from stratalens.v1 import lens_pb2, lens_service_pb2, lens_service_pb2_grpc


def requests(prompts: list[str]) -> Iterator[lens_service_pb2.AnalyzeBatchRequest]:
    # What all prompts ask for: the best token of the last layer at the last position.
    end = lens_pb2.IndexRange(first=-1)
    yield lens_service_pb2.AnalyzeBatchRequest(
        defaults=lens_service_pb2.AnalyzeRequest(top_k=1, layers=[end], positions=[end])
    )
    # Taken by the server as it has room, so this may as well read a corpus from a file.
    for tag, prompt in enumerate(prompts):
        request = lens_service_pb2.AnalyzeRequest(prompt=lens_pb2.Prompt(text=prompt))
        yield lens_service_pb2.AnalyzeBatchRequest(prompt=lens_service_pb2.BatchPrompt(tag=tag, request=request))


def main(address: str, *prompts: str) -> None:
    # Events of different prompts are interleaved: what belongs together has the same tag.
    texts: dict[int, dict[int, str]] = {tag: {} for tag in range(len(prompts))}
    readers: dict[int, Reader] = {}
    best: dict[int, tuple[int, float]] = {}
    with grpc.insecure_channel(address) as channel:
        for response in lens_service_pb2_grpc.LensServiceStub(channel).AnalyzeBatch(requests(list(prompts))):
            if response.WhichOneof("kind") == "started":
                print(f"{response.started.window} prompts in flight at most")
            elif response.WhichOneof("kind") == "error":  # of this prompt alone
                print(f"{response.error.tag}: {response.error.status.message}")
                del texts[response.error.tag]
            for event in response.events.events:
                tag, kind = response.events.tag, event.WhichOneof("kind")
                content = getattr(event, kind) if kind else None
                if hasattr(content, "new_tokens"):
                    table = content.new_tokens
                    texts[tag].update((i, t.decode(errors="replace")) for i, t in zip(table.ids, table.texts))
                if kind == "header":
                    readers[tag] = Reader(content)
                elif kind == "prompt_chunk":
                    readers[tag].prompt_chunk(content)
                elif kind == "target_chunk":
                    readers[tag].target_chunk(content)
                elif kind == "cell_chunk":
                    ((_, (best[tag],), *_),) = readers[tag].cell_chunk(content)
                elif kind == "summary":
                    token, log_prob = best.pop(tag)
                    print(f"{tag}: {prompts[tag]!r} goes on with {texts.pop(tag)[token]!r} {math.exp(log_prob):.1%}")
    if texts:
        sys.exit(f"the stream ended without an answer to {sorted(texts)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
