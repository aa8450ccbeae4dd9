"""The command that puts the parts together.

No rules of the domain: those are geodata. A new module has its place in the layers of ``pyproject.toml``.
"""

import os

# numpy's library of matrices would take a thread for each core. Ours are small: beside other work, threads that wait
# for each other make the comparison of two years ten times as slow. It looks when it is loaded: so before all imports.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
