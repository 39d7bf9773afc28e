"""CPython's Pipe and Queue of `multiprocessing`, in the cases of ../suites/channels.mjs."""

import time
from multiprocessing import get_context

LARGE = bytes([7]) * (10 * 2**20)
# So do children of JavaScript start, and on macOS and Windows all.
context = get_context("spawn")


def echo(pipe):
    while True:
        pipe.send(pipe.recv())


def echo_bytes(pipe):
    while True:
        pipe.send_bytes(pipe.recv_bytes())


def count(pipe):
    n = 0
    while True:
        if pipe.recv() == "how many?":
            pipe.send(n)
            n = 0
        else:
            n += 1


def count_items(items, counts):
    n = 0
    while True:
        if items.get() == "how many?":
            counts.put(n)
            n = 0
        else:
            n += 1


def connected(target):
    ours, theirs = context.Pipe()
    context.Process(target=target, args=(theirs,), daemon=True).start()
    theirs.close()
    return ours


def timed(body):
    def run(operations):
        start = time.perf_counter()
        body(operations)
        return (time.perf_counter() - start) * 1000

    return run


def round_trips(target, send="send", recv="recv", value=None):
    pipe = connected(target)
    put, get = getattr(pipe, send), getattr(pipe, recv)

    def body(operations):
        for n in range(operations):
            put(n if value is None else value)
            got = get()
            assert got == n if value is None else len(got) == len(value)

    return timed(body)


def sent():
    pipe = connected(count)

    def body(operations):
        for n in range(operations):
            pipe.send(n)
        pipe.send("how many?")
        assert pipe.recv() == operations

    return timed(body)


def queued():
    items, counts = context.Queue(), context.Queue()
    context.Process(target=count_items, args=(items, counts), daemon=True).start()

    def body(operations):
        for n in range(operations):
            items.put(n)
        items.put("how many?")
        assert counts.get() == operations

    return timed(body)


# CPython has one form, which blocks: it stands beside both of heddle's.
CASES = {
    "channels/pipe": (lambda: round_trips(echo), 400),
    "channels/pipeSync": (lambda: round_trips(echo), 400),
    "channels/send": (sent, 20_000),
    "channels/sendSync": (sent, 20_000),
    "channels/queue": (queued, 20_000),
    "channels/queueSync": (queued, 20_000),
    "channels/large": (lambda: round_trips(echo, value=LARGE), 4),
    "channels/largeBytes": (
        lambda: round_trips(echo_bytes, "send_bytes", "recv_bytes", LARGE),
        4,
    ),
}
