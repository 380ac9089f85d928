"""Settings of the web server: gunicorn -c config/gunicorn.py config.wsgi"""

import gc
import os
import sys

bind = os.environ.get("BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
keepalive = 75  # longer than a proxy in front keeps an idle connection
preload_app = True  # loaded once, shared by the workers
max_requests, max_requests_jitter = 20_000, 2_000
control_socket_disable = True  # its default path is one per person: two installations would meet there
if sys.platform == "linux":
    worker_tmp_dir = "/dev/shm"  # noqa: S108 the heartbeat file must not wait for a disk


def when_ready(_server) -> None:
    gc.collect()
    gc.freeze()  # what was loaded before the fork stays shared
