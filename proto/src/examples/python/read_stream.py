"""Reads a lens from a running server: python read_stream.py HOST:PORT PROMPT

docs/other-languages.md says how to generate the stubs.
"""

import math
import sys

import grpc

from compact import Reader
from google.rpc import error_details_pb2, status_pb2
from stratalens.v1 import column_pb2, lens_pb2, lens_service_pb2, lens_service_pb2_grpc


def main(address: str, prompt: str) -> None:
    request = lens_service_pb2.AnalyzeRequest(
        prompt=lens_pb2.Prompt(text=prompt),
        targets=[lens_pb2.Target(position_target=lens_pb2.POSITION_TARGET_FINAL_TOP)],
        statistics=[column_pb2.STATISTIC_ENTROPY],
        trajectories=lens_pb2.TrajectoryOptions(),
    )
    complete = False
    with grpc.insecure_channel(address) as channel:
        try:
            for response in lens_service_pb2_grpc.LensServiceStub(channel).Analyze(request):
                for event in response.events:
                    complete = show(event) or complete
        except grpc.RpcError as failure:
            sys.exit(explained(failure))
    if not complete:
        sys.exit("the stream ended without a summary: the result is incomplete")


texts: dict[int, str] = {}
readers: list[Reader] = []


def show(event) -> bool:
    """Prints an event; true if it is the last."""
    kind = event.WhichOneof("kind")
    content = getattr(event, kind) if kind else None  # None: an event of a newer server
    if hasattr(content, "new_tokens"):
        learn(texts, content.new_tokens)
    if kind == "header":
        readers.append(Reader(content))
    elif kind == "prompt_chunk":
        print("tokens:", [texts[i] for i in content.token_ids])
        readers[0].prompt_chunk(content)
    elif kind == "target_chunk":
        readers[0].target_chunk(content)
    elif kind == "cell_chunk":
        point = readers[0].header.read_points[content.read_point]
        for position, best, ranks, _, (entropy,) in readers[0].cell_chunk(content):
            if position == readers[0].header.position_count - 1:
                token, log_p = best[0]
                print(
                    f"layer {point.block:2d}: {texts[token]!r:12} {math.exp(log_p):6.1%}"
                    f"   rank of the final answer {ranks[0]:4d}   entropy {entropy:.2f}"
                )
    elif kind == "trajectory_chunk":
        for token, row in readers[0].trajectory_chunk(content):
            if content.position == readers[0].header.position_count - 1 and max(row) > math.log(0.5):
                print(f"{texts[token]!r}:", " ".join(f"{math.exp(log_p):.3f}" for log_p in row))
    elif kind == "summary":
        check = content.self_check
        print(f"self-check: largest difference {check.max_logit_difference:.1e}, same answer {check.top1_agrees}")
    return kind == "summary"


def learn(known: dict[int, str], table: lens_pb2.TokenTable) -> None:
    known.update((i, text.decode(errors="replace")) for i, text in zip(table.ids, table.texts))


def explained(failure: grpc.RpcError) -> str:
    """The status in words, with the reason that every failure of the server carries."""
    for key, value in failure.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            info = error_details_pb2.ErrorInfo()
            status_pb2.Status.FromString(value).details[0].Unpack(info)
            return f"{failure.details()} [{info.reason} {dict(info.metadata)}]"
    return f"{failure.code()}: {failure.details()}"


if __name__ == "__main__":
    main(*sys.argv[1:])
