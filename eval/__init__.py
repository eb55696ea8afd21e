"""Questions with known answers, asked and scored. Importing it keeps libraries from reporting their use."""

import rag as rag
