#!/usr/bin/env bash
# Checks a machine with NVIDIA cards from end to end: deploy/gpu-acceptance.sh [MODEL]
# MODEL is a directory, a GGUF file or a name that `serve` knows; the demo model by default. Needs what ./stratalens needs, what
# `./stratalens doctor` asks for on a card, and Python 3.9 with PyTorch for CUDA. Takes about fifteen minutes; ends with what failed.
set -uo pipefail
cd "$(dirname "$0")/.."
model=${1:-demo}
minutes=${LOAD_MINUTES:-10}
python=${PYTHON:-python3}
port=50971
work=$(mktemp -d)
failed=() callers=()
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

step() { printf '\n== %s\n' "$1"; }
fail() { printf 'FAILED: %s\n' "$1"; failed+=("$1"); }

step 'a card that computes'
./stratalens doctor | tee "$work/doctor"
grep -q 'cuda:0' "$work/doctor" || { echo 'No card can compute here. Do what the line "devices" says.'; exit 1; }
cards=$(grep -o 'cuda:[0-9]*' "$work/doctor" | sort -u | wc -l)
nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv

step 'programs, launches and waits, with PyTorch for Python'
small=server/engine/src/test/resources/parity
./stratalens export-programs --output "$work/programs" "$small"/{llama,gemma2,gpt2,mixtral,deepseek_v3,mamba2,jamba,lfm2,qwen3_next,bloom} &&
  ./stratalens export-programs --output "$work/stages" --stages 2 "$small"/{llama,gemma2,qwen3_next} &&
  "$python" bench/gpu/check.py "$work"/programs/* "$work"/stages/* --shape 1b || fail 'bench/gpu/check.py'

# Starts a server on devices, and waits until it has loaded the model: serve DEVICE [OPTION ...]
serve() {
  local device=$1
  shift
  ./stratalens serve --port $port --model m="$model" --device "$device" "$@" >"$work/server.log" 2>&1 &
  server=$!
  for _ in $(seq 300); do
    kill -0 "$server" 2>/dev/null || { cat "$work/server.log"; return 1; }
    ask 'The capital of France is' >/dev/null 2>&1 && return
    sleep 1
  done
  return 1
}

ask() { ./stratalens analyze "$1" --server localhost:$port "${@:2}"; }

end() { kill "$server"; wait "$server" 2>/dev/null; server=; }

# The distances of two results are lower bounds of those of their distributions.
same() {
  ./stratalens compare "$1" "$2" --format json >"$work/compared.json" && "$python" - "$work/compared.json" <<'END'
import json, sys

def distances(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "total_variation":
                yield from (x for x in flat(inner) if x is not None)
            else:
                yield from distances(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from distances(inner)

def flat(value):
    if isinstance(value, list):
        for inner in value:
            yield from flat(inner)
    else:
        yield value

found = list(distances(json.load(open(sys.argv[1]))))
print(f"largest total variation {max(found):.6f} of {len(found)} cells")
sys.exit(not found or max(found) > 0.001)
END
}

step 'the same numbers on the processor, on one card and on all cards'
text='The Eiffel Tower stands in the city of Paris, the capital of France, where it was built for the world fair.'
./stratalens analyze "$text" --model "$model" --device cpu --dtype float32 --output "$work/cpu.json" || fail 'the processor'
for device in cuda:0 $([ "$cards" -lt 2 ] || echo cuda); do
  ./stratalens analyze "$text" --model "$model" --device "$device" --dtype float32 --output "$work/$device.json" &&
    same "$work/cpu.json" "$work/$device.json" || fail "numbers on $device"
done

step 'a card without memory: the request fails, the server goes on'
if serve cuda:0; then
  free=$(nvidia-smi --id=0 --query-gpu=memory.free --format=csv,noheader,nounits)
  "$python" -c "
import sys, torch
kept = torch.empty([max(1, $free - 200) << 20], dtype=torch.uint8, device='cuda:0')
print('full', flush=True)
sys.stdin.read()" < <(sleep 120) >"$work/filler" &
  filler=$!
  for _ in $(seq 60); do grep -q full "$work/filler" && break; sleep 1; done
  long=$(for _ in $(seq 400); do printf 'one two three four '; done)
  ask "$long" >/dev/null 2>"$work/refusal" && echo 'there was room enough for the long prompt; nothing was shown' || cat "$work/refusal"
  kill "$filler"
  wait "$filler" 2>/dev/null
  kill -0 "$server" && ask 'The capital of France is' >/dev/null || fail 'the server after a card without memory'
  end
else
  fail 'a server on cuda:0'
fi

step "$minutes minutes of load on one card"
STRATALENS_DEVICE=cuda:0 bench/run --model "$model" --only soak --soak-time "$minutes" --tokens 5,64 || fail 'load'

if [ "$cards" -gt 1 ]; then
  step 'two models on two cards'
  printf 'models:\n  a: {model: %s, device: "cuda:0"}\n  b: {model: %s, device: "cuda:1"}\n' "$model" "$model" >"$work/two.yaml"
  ./stratalens serve --config "$work/two.yaml" --port $port >"$work/server.log" 2>&1 &
  server=$!
  sleep 20
  for name in a b; do
    for _ in $(seq 20); do ask 'The capital of France is' --model "$name" >/dev/null || echo failed; done >"$work/$name" &
    callers+=($!)
  done
  wait "${callers[@]}"
  [ ! -s "$work/a" ] && [ ! -s "$work/b" ] || fail 'two models on two cards'
  end
fi

step 'done'
[ ${#failed[@]} = 0 ] || { printf 'failed: %s\n' "${failed[@]}"; exit 1; }
echo 'everything held'
