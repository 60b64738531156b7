"""Reads the numbers of a stream, compact or float32, as cells.proto describes them. One Reader a stream; copy it freely."""

import math

from stratalens.v1 import column_pb2

CELLS, TRAJECTORIES = 1024, 256  # steps to a factor of e


def log_prob(code: int, scale: int) -> float:
    return -math.expm1(code / scale)


class Reader:
    def __init__(self, header):
        self.header, self.k, self.m = header, header.top_k, len(header.targets)
        self.columns = [column_pb2.Statistic.DESCRIPTOR.values_by_number[s].GetOptions().Extensions[column_pb2.column]
                        for s in header.statistics]
        self.seen = [[] for _ in range(header.position_count)]  # ids of each position, in order of first use
        self.positions = []  # token positions of the stream
        self.targets = {}  # position -> ids; None where there is no such target
        self.known, self.last = {}, {}  # (lens, read point, position) -> {id: (code, log p)}; what differences are from

    def ids(self, position, references, new):  # 0: the next new id; n: the position's n-th id
        for reference in references:
            if reference == 0:
                self.seen[position].append(next(new))
            yield self.seen[position][reference - 1]

    def prompt_chunk(self, chunk):
        for r in chunk.positions:
            self.positions += sorted({*range(r.first, r.last + 1, r.stride), r.last})

    def target_chunk(self, chunk):
        missing = set(chunk.missing)
        ids = [None if i in missing else t for i, t in enumerate(chunk.target_ids)]
        for i in range(chunk.position_count):
            self.targets[chunk.first_position + i] = ids[i * self.m : (i + 1) * self.m]

    def cell_chunk(self, chunk):
        """Yields (position, [(id, log p)] best first, [rank], [log p of each target], [statistic]); None = no value."""
        exact, count, k = len(chunk.log_probs) > 0, chunk.position_count, self.k
        new, own = iter(chunk.token_ids), iter(chunk.target_log_probs if exact else chunk.target_codes)
        for i in range(count):
            position, known, code = chunk.first_position + i, {}, 0
            at = chunk.lens, position
            for j, token in enumerate(self.ids(position, chunk.token_refs[i * k : (i + 1) * k], new), i * k):
                code += 0 if exact else chunk.log_prob_codes[j]
                known[token] = (0, chunk.log_probs[j]) if exact else (code, log_prob(code, CELLS))
            best, targets = list(known.items()), []
            for j, token in enumerate(self.targets.get(position, [])):
                if token is not None and token not in known:
                    code = 0 if exact else self.last.get((at, j), 0) + next(own)
                    known[token] = (0, next(own)) if exact else (code, log_prob(code, CELLS))
                if token is not None:
                    self.last[at, j] = known[token][0]
                targets.append(None if token is None else known[token][1])
            self.known[chunk.lens, chunk.read_point, position] = known
            statistics = [self.column(chunk, exact, j, j * count + i, at) for j in range(len(self.columns))]
            ranks = list(chunk.target_ranks[i * self.m : (i + 1) * self.m])
            yield position, [(token, value) for token, (_, value) in best], ranks, targets, statistics

    def column(self, chunk, exact, j, index, at):
        code = 0 if exact else self.last.get((at, "column", j), 0) + chunk.column_codes[index]
        self.last[at, "column", j] = code
        last_point = chunk.read_point == len(self.header.read_points) - 1
        if last_point and self.columns[j].absent_at_last_read_point:
            return None
        if self.positions[at[1]] == self.header.token_count - 1 and self.columns[j].absent_at_last_token:
            return None
        if exact:
            return chunk.column_values[index]
        step = self.columns[j].compact_step
        return code * step if step else math.expm1(code / CELLS)

    def trajectory_chunk(self, chunk):
        """Yields (id, [log p at each read point])."""
        exact, position = len(chunk.log_probs) > 0, chunk.position
        values = iter(chunk.log_probs if exact else chunk.log_prob_codes)
        refs = self.ids(position, chunk.token_refs, iter(chunk.token_ids))
        for token in list(self.seen[position]) if chunk.all_tokens else list(refs):
            row, code = [], 0
            for point in range(len(self.header.read_points)):
                known = self.known[chunk.lens, point, position]
                if token in known:
                    code = known[token][0] // 4
                    row.append(known[token][1])
                elif exact:
                    row.append(next(values))
                else:
                    code += next(values)
                    row.append(log_prob(code, TRAJECTORIES))
            yield token, row
