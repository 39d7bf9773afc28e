"""CPython: ThreadPoolExecutor ("threads"), multiprocessing.Pool ("processes"),
ProcessPoolExecutor ("executor"), "channels" or "asyncio".

The same cases as ../suites/*.mjs, line by line; driven like ../runner/serve.mjs,
by one line of input for each measurement.
"""

import json
import queue
import sys
import threading
import time

ROUND_SECONDS = 0.15


def noop(number):
    return number


def increment(number):
    return number + 1


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def sleep(seconds):
    time.sleep(seconds)
    return seconds


def reply(message):
    sys.stdout.write("@bench " + json.dumps(message) + "\n")
    sys.stdout.flush()


def repeat(once):
    times = []
    start = time.perf_counter()
    end = start + ROUND_SECONDS
    while start < end:
        once(len(times))
        now = time.perf_counter()
        times.append((now - start) * 1000)
        start = now
    return summary(times)


def summary(times):
    value = sum(times) / len(times)
    times.sort()
    quantile = lambda share: times[int(share * (len(times) - 1))]
    return {"value": value, "p50": quantile(0.5), "p99": quantile(0.99)}


def round_trip(pool):
    def once(n):
        assert pool.submit(noop, n).result() == n

    return lambda is_warm_up: repeat(once)


def rested_round_trip(pool):
    def measure(is_warm_up):
        if is_warm_up:
            return repeat(lambda n: pool.submit(noop, n).result())
        times = []
        for n in range(40):
            time.sleep(0.004)
            start = time.perf_counter()
            assert pool.submit(noop, n).result() == n
            times.append((time.perf_counter() - start) * 1000)
        return summary(times)

    return measure


def echo_string(pool):
    text = ("heddle " * 147)[:1024]

    def once(n):
        assert pool.submit(noop, text).result() == text

    return lambda is_warm_up: repeat(once)


def idle(pool):
    def measure(is_warm_up):
        for n in range(20):
            pool.submit(noop, n).result()
        time.sleep(0.1)
        start, cpu = time.perf_counter(), time.process_time()
        time.sleep(0.4)
        return {"value": percent_since(start, cpu)}

    return measure


def percent_since(start, cpu):
    return (time.process_time() - cpu) / (time.perf_counter() - start) * 100


def sleeping_task(pool):
    def measure(is_warm_up):
        start, cpu = time.perf_counter(), time.process_time()
        for _ in range(8):
            pool.submit(sleep, 0.02).result()
        late = (time.perf_counter() - start) * 1000 / 8 - 20
        return {"value": late, "cpu": percent_since(start, cpu)}

    return measure


def echo_bytes(pool):
    data = bytes([7]) * (10 * 2**20)

    def once(n):
        assert pool.submit(noop, data).result()[-1] == 7

    return lambda is_warm_up: repeat(once)


def echo_graph(pool):
    graph = {
        "rows": [
            {
                "id": id,
                "name": f"row number {id}",
                "price": id * 1.25,
                "tags": ["alpha", "beta", "gamma"],
                "position": {"x": id % 40, "y": id // 40},
                "isOdd": id % 2 == 1,
            }
            for id in range(800)
        ]
    }

    def once(n):
        assert pool.submit(noop, graph).result()["rows"][-1]["position"]["y"] == 19

    return lambda is_warm_up: repeat(once)


def burst(pool, warm_up_count=10_000, full_count=50_000):
    def measure(is_warm_up):
        count = warm_up_count if is_warm_up else full_count
        start = time.perf_counter()
        futures = [pool.submit(noop, n) for n in range(count)]
        results = [future.result() for future in futures]
        elapsed = (time.perf_counter() - start) * 1000
        assert results == list(range(count))
        return {"value": elapsed / count}

    return measure


def map_over(mapped, warm_up_count):
    def measure(is_warm_up):
        count = warm_up_count if is_warm_up else 100_000
        items = list(range(count))
        start = time.perf_counter()
        results = list(mapped(items))
        elapsed = (time.perf_counter() - start) * 1000
        assert len(results) == count and results[-1] == count
        return {"value": elapsed / count}

    return measure


def scaling(pool):
    def measure(is_warm_up):
        start = time.perf_counter()
        results = [future.result() for future in [pool.submit(fib, 27) for _ in range(16)]]
        elapsed = (time.perf_counter() - start) * 1000
        assert results == [196_418] * 16
        return {"value": elapsed}

    return measure


def first_result(kind):
    start = time.perf_counter()
    from concurrent.futures import (
        FIRST_COMPLETED,
        ProcessPoolExecutor,
        ThreadPoolExecutor,
        wait,
    )

    import_ms = (time.perf_counter() - start) * 1000
    pool = ThreadPoolExecutor(2) if kind == "threads" else spawned(ProcessPoolExecutor)
    futures = [pool.submit(noop, n) for n in range(2)]
    wait(futures, return_when=FIRST_COMPLETED)
    value = (time.perf_counter() - start) * 1000
    wait(futures)
    return {"value": value, "import": import_ms, "all": (time.perf_counter() - start) * 1000}


def spawned(Executor):
    """A pool of processes that start as those of JavaScript do, and as on macOS and Windows."""
    from multiprocessing import get_context

    return Executor(2, mp_context=get_context("spawn"))


def beside(target, args, body):
    thread = threading.Thread(target=target, args=args)
    start = time.perf_counter()
    thread.start()
    body()
    thread.join()
    return (time.perf_counter() - start) * 1000


def alone(lock):
    def run(count):
        start = time.perf_counter()
        for _ in range(count):
            lock.acquire()
            lock.release()
        return (time.perf_counter() - start) * 1000

    return run


def contended(count):
    lock, counter = threading.Lock(), [0]

    def add():
        for _ in range(count // 2):
            lock.acquire()
            counter[0] += 1
            lock.release()

    elapsed = beside(add, (), add)
    assert counter[0] == count
    return elapsed


def events(count):
    mine, other = threading.Event(), threading.Event()

    def answer():
        for _ in range(count):
            other.wait()
            other.clear()
            mine.set()

    def ask():
        for _ in range(count):
            other.set()
            mine.wait()
            mine.clear()

    return beside(answer, (), ask)


def turns(count):
    condition, turn = threading.Condition(), [0]

    def take(me):
        for _ in range(count):
            with condition:
                while turn[0] != me:
                    condition.wait()
                turn[0] = 1 - me
                condition.notify()

    return beside(take, (1,), lambda: take(0))


def permits(count):
    mine, other = threading.Semaphore(0), threading.Semaphore(0)

    def answer():
        for _ in range(count):
            other.acquire()
            mine.release()

    def ask():
        for _ in range(count):
            other.release()
            mine.acquire()

    return beside(answer, (), ask)


def through(make, item=lambda n: n):
    def run(count):
        items = make()

        def put():
            for n in range(count):
                items.put(item(n))

        def get():
            for _ in range(count):
                items.get()

        return beside(put, (), get)

    return run


def queue_alone(count):
    items = queue.Queue()
    start = time.perf_counter()
    for n in range(count):
        items.put(n)
        items.get()
    return (time.perf_counter() - start) * 1000


def small_object(n):
    return {"id": n, "name": "item", "is_ok": True}


def threads(count):
    start = time.perf_counter()
    for _ in range(count):
        thread = threading.Thread(target=noop, args=(0,))
        thread.start()
        thread.join()
    return (time.perf_counter() - start) * 1000


def primitive(run, count):
    def measure(is_warm_up):
        operations = count // 4 if is_warm_up else count
        return {"value": run(operations) / operations}

    return measure


def measure_for(kind, case):
    """What measures the case; None where CPython has nothing comparable."""
    if kind == "asyncio":
        import cpython_asyncio

        found = cpython_asyncio.CASES.get(case)
        return found and primitive(*found)
    if kind == "channels":
        import cpython_channels

        make, count = cpython_channels.CASES[case]
        return primitive(make(), count)
    if kind == "processes":
        from multiprocessing import get_context

        # fork is what 3.11 does on Linux by default; later versions start slower.
        pool = get_context("fork").Pool(2)
        cases = {
            "map/items": lambda: map_over(lambda items: pool.map(increment, items), 10_000),
            "map/chunks": lambda: map_over(lambda items: pool.map(increment, items, 1000), 100_000),
        }
    elif kind == "executor":
        from concurrent.futures import ProcessPoolExecutor

        pool = spawned(ProcessPoolExecutor)
        cases = {
            "processes/await": lambda: round_trip(pool),
            "processes/rested": lambda: rested_round_trip(pool),
            "processes/calls": lambda: burst(pool, 2000, 10_000),
            "processes/chunks": lambda: map_over(
                lambda items: pool.map(increment, items, chunksize=1000), 100_000
            ),
            "processes/string": lambda: echo_string(pool),
            "processes/graph": lambda: echo_graph(pool),
            "processes/copied": lambda: echo_bytes(pool),
        }
    else:
        from concurrent.futures import ThreadPoolExecutor

        pool = ThreadPoolExecutor(1 if case == "scaling/on 1" else 2)
        cases = {
            "latency/await": lambda: round_trip(pool),
            "latency/rested": lambda: rested_round_trip(pool),
            "latency/block": lambda: round_trip(pool),
            "waiting/idle": lambda: idle(pool),
            "waiting/sleep": lambda: sleeping_task(pool),
            "burst/noop": lambda: burst(pool),
            "map/items": lambda: map_over(lambda items: pool.map(increment, items), 10_000),
            "payload/string": lambda: echo_string(pool),
            "scaling/on 1": lambda: scaling(pool),
            "scaling/on 2": lambda: scaling(pool),
            "sync/lock": lambda: primitive(alone(threading.Lock()), 200_000),
            "sync/rlock": lambda: primitive(alone(threading.RLock()), 200_000),
            "sync/semaphore": lambda: primitive(alone(threading.Semaphore(1)), 200_000),
            "sync/contended": lambda: primitive(contended, 100_000),
            "sync/event": lambda: primitive(events, 4000),
            "sync/condition": lambda: primitive(turns, 4000),
            "sync/permits": lambda: primitive(permits, 4000),
            "sync/thread": lambda: primitive(threads, 400),
            "queue/queue": lambda: primitive(through(lambda: queue.Queue(128)), 100_000),
            "queue/queueUnbounded": lambda: primitive(through(queue.Queue), 100_000),
            "queue/simpleQueue": lambda: primitive(through(queue.SimpleQueue), 100_000),
            "queue/queueObjects": lambda: primitive(
                through(lambda: queue.Queue(128), small_object), 40_000
            ),
            "queue/queueAlone": lambda: primitive(queue_alone, 100_000),
        }
    return cases[case]() if case in cases else None


def warm_up(measure):
    end = time.perf_counter() + 0.5
    measure(True)
    while time.perf_counter() < end:
        measure(True)


def main():
    kind, case = sys.argv[1], f"{sys.argv[2]}/{sys.argv[3]}"
    if case in ("startup/first result", "process-startup/first result"):
        reply({"kind": "measured", "measurement": first_result(kind)})
        return
    if sys.argv[2] == "asyncio-memory":
        import os

        import cpython_asyncio

        reply({"kind": "measured", "measurement": cpython_asyncio.memory(sys.argv[3])})
        os._exit(0)  # rather than end a million tasks
    measure = measure_for(kind, case)
    if measure is None:
        reply({"kind": "skipped", "reason": "has nothing comparable"})
        return
    warm_up(measure)
    reply({"kind": "ready"})
    for _ in sys.stdin:
        reply({"kind": "measured", "measurement": measure(False)})


if __name__ == "__main__":
    main()
