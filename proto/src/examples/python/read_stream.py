"""Reads a lens from a running server: python read_stream.py HOST:PORT PROMPT

The stubs come from the contract:
  python -m grpc_tools.protoc -I proto/src/main/proto -I <google protos> --python_out=. --grpc_python_out=. \
      stratalens/v1/{lens_service,lens,model}.proto google/rpc/status.proto
"""

import math
import sys

import grpc

from stratalens.v1 import lens_pb2, lens_service_pb2, lens_service_pb2_grpc


def main(address: str, prompt: str) -> None:
    request = lens_service_pb2.AnalyzeRequest(
        text=prompt,
        targets=[lens_pb2.Target(position_target=lens_pb2.POSITION_TARGET_FINAL_TOP)],
        statistics=[lens_pb2.STATISTIC_ENTROPY],
        trajectories=lens_pb2.TrajectoryOptions(),
    )
    texts: dict[int, str] = {}
    complete = False
    with grpc.insecure_channel(address) as channel:
        for response in lens_service_pb2_grpc.LensServiceStub(channel).Analyze(request):
            event = response.WhichOneof("event")
            if event == "header":
                header = response.header
                learn(texts, header.new_tokens)
                print("tokens:", [texts[i] for i in header.token_ids])
            elif event == "targets":
                learn(texts, response.targets.new_tokens)
            elif event == "layer_chunk":
                chunk = response.layer_chunk
                learn(texts, chunk.new_tokens)
                last, k, m = chunk.position_count - 1, header.top_k, len(header.targets)
                best = chunk.token_ids[last * k]
                print(
                    f"layer {chunk.layer:2d}: {texts[best]!r:12} {math.exp(chunk.log_probs[last * k]):6.1%}"
                    f"   rank of the final answer {chunk.target_ranks[last * m]:4d}   entropy {chunk.entropies[last]:.2f}"
                )
            elif event == "trajectory_chunk" and response.trajectory_chunk.position_index == len(header.positions) - 1:
                chunk, layers = response.trajectory_chunk, len(header.layers)
                for row, token in enumerate(chunk.token_ids):
                    values = chunk.probabilities_ppm[row * layers : (row + 1) * layers]
                    if max(values) > 500_000:
                        print(f"{texts[token]!r}:", " ".join(f"{value / 1e6:.3f}" for value in values))
            elif event == "summary":
                complete = True
                check = response.summary.self_check
                print(f"self-check: largest difference {check.max_logit_difference:.1e}, same answer {check.top1_agrees}")
    if not complete:
        sys.exit("the stream ended without a summary: the result is incomplete")


def learn(texts: dict[int, str], table: lens_pb2.TokenTable) -> None:
    texts.update((i, text.decode(errors="replace")) for i, text in zip(table.ids, table.texts))


if __name__ == "__main__":
    main(*sys.argv[1:])
