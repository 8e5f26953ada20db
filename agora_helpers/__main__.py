"""``python -m agora_helpers``: the command line, see :mod:`agora_helpers.cli`."""

import sys

from .cli import main

if __name__ == "__main__":
    sys.exit(main())
