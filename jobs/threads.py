"""How many threads numpy uses. Import this before numpy: its libraries ask only when they are loaded.

Decoding is many small products in a row. Threads that spin while they wait for each other make them ten times slower as
soon as another program needs the processor, and next to a working artist one always does. So: half of the cores, four
at most, unless the environment says otherwise.
"""

import os

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

THREADS = max(1, min(4, (os.cpu_count() or 2) // 2))

if not any(name in os.environ for name in VARIABLES):
    for _name in VARIABLES:
        os.environ[_name] = str(THREADS)
