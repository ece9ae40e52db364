"""Waits to be ended."""

import time

time.sleep(300)
