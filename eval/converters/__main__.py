"""`python -m eval.converters`."""

import sys

from eval.converters import main

sys.exit(main())
