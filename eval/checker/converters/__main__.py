"""`python -m eval.checker.converters`."""

import sys

from eval.checker.converters import main

sys.exit(main())
