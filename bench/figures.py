"""All figures of the warehouse in one command: batches, publishing, reading, search, kills, readers, the lake.

.venv/bin/python bench/figures.py            small sizes, some ten minutes
.venv/bin/python bench/figures.py --full     100,000 and 1,000,000 articles, 410 kills: hours, and 15 GB of disk

The gate is a ratio within one run: a batch at the largest store costs at most 1.3 times what it costs at the smallest.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
BATCH_RATIO = 1.3  #: of the largest store to the smallest
SMALL = {
    "batch.py": ["--articles", "10000", "50000"],
    "publish.py": [],
    "reading.py": [],
    "spikes.py": [],
    "lake.py": ["2"],
    "faults.py": ["0.1"],
}
FULL = {
    "batch.py": ["--articles", "100000", "1000000"],
    "publish.py": ["--articles", "1000000"],
    "reading.py": ["--articles", "10000", "100000", "1000000"],
    "spikes.py": [],
    "lake.py": ["6"],
    "faults.py": ["1"],
}


def main() -> None:
    """Print what every part prints; end with 1 where the gate is passed or a part fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="the sizes that figures are given for")
    parts = FULL if parser.parse_args().full else SMALL
    failed = [name for name, arguments in parts.items() if not run(name, arguments)]
    if failed:
        sys.exit(f"not as it should be: {', '.join(failed)}")


def run(name: str, arguments: list[str]) -> bool:
    """Run a part, showing what it prints; say whether it ended well and within the gate."""
    print(f"== {name} {' '.join(arguments)}", flush=True)
    command = [sys.executable, str(HERE / name), *arguments]
    environment = os.environ | {"PYTHONPATH": str(HERE.parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as part:
        assert part.stdout is not None
        lines = []
        for line in part.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    ratios = [float(found) for line in lines for found in re.findall(r"largest to smallest: ([\d.]+)", line)]
    faults = [int(found) for line in lines for found in re.findall(r"(\d+) (?:faults|wrong)$", line.rstrip())]
    return not part.returncode and all(ratio <= BATCH_RATIO for ratio in ratios) and not any(faults)


if __name__ == "__main__":
    main()
