"""Run the command ``kmeans-tui`` as ``python -m kmeans_tui``."""

import sys

from kmeans_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
