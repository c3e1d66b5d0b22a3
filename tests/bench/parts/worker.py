"""A part as a process of its own: does so many operations for each line that it reads.

    python -m tests.bench.parts.worker pair|create AT_ONCE

A line on stdin is the number of operations, one on stdout says that they are done.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from tests.bench.parts import create, pair

PARTS = {"pair": pair.operation, "create": create.operation}


def main():
    name, at_once = sys.argv[1], int(sys.argv[2])
    operation, turns = PARTS[name](), count()
    with ThreadPoolExecutor(at_once) as pool:
        for line in sys.stdin:
            until = int(line)
            each = [until // at_once + (n < until % at_once) for n in range(at_once)]
            list(pool.map(lambda many: [operation(next(turns)) for _ in range(many)], each))
            print("done", flush=True)


if __name__ == "__main__":
    main()
