"""script/await.py URL: wait until it answers, for a minute at most; status 1 if it never does."""

import sys
import time
from urllib.request import urlopen

for _attempt in range(600):
    try:
        urlopen(sys.argv[1], timeout=5).close()
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit(1)
