"""Start ScratchGUI from a checkout: `python main.py` is the same as `scratchgui`."""

import sys

from scratchgui.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
