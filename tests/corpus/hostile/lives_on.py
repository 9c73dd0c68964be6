"""Leaves threads, exit handlers, finalizers and a trace function behind that write and loop when it is over."""

import atexit
import gc
import sys
import threading
import time
import weakref


def haunt():
    while True:
        try:
            open("/tmp/hostile-was-here", "w").close()
            print("REACHED: a file was written", flush=True)
        except OSError:
            pass
        time.sleep(0.001)


class Holder:
    def __del__(self):
        haunt()


holder = Holder()
holder.itself = holder
atexit.register(haunt)
weakref.finalize(holder, haunt)
gc.callbacks.append(lambda phase, info: None)
sys.setprofile(lambda *arguments: None)
threading.setprofile(lambda *arguments: None)
threading.Thread(target=haunt, daemon=False).start()
threading.Thread(target=haunt, daemon=True).start()


def bce(probabilities, targets):
    kept = probabilities.clamp(1e-12, 1 - 1e-12)
    return -(targets * kept.log() + (1 - targets) * (1 - kept).log()).mean()
