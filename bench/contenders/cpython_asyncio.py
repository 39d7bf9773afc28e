"""CPython's asyncio. The cases of ../suites/asyncio.mjs, line by line."""

import asyncio
import time


async def nothing():
    pass


async def yielding(count):
    for _ in range(count):
        await asyncio.sleep(0)


async def acquire_and_release(lock, count):
    for _ in range(count):
        await lock.acquire()
        lock.release()


async def hold_for_a_loop(lock, count):
    for _ in range(count):
        await lock.acquire()
        await asyncio.sleep(0)
        lock.release()


async def answer(questions, answers, count):
    for _ in range(count):
        await answers.put(await questions.get())


async def deep(depth):
    if depth > 0:
        return await deep(depth - 1) + 1
    return 0


async def deep_sleep(depth):
    if depth > 0:
        return await deep_sleep(depth - 1) + 1
    await asyncio.sleep(0)
    return 0


async def spawn(count):
    for _ in range(count):
        await asyncio.create_task(nothing())


async def switch(count):
    await asyncio.gather(*[yielding(count // 100) for _ in range(100)])


async def put_get(count):
    queue = asyncio.Queue()
    for n in range(count):
        await queue.put(n)
        await queue.get()


async def ping_pong(count):
    questions, answers = asyncio.Queue(1), asyncio.Queue(1)
    other = asyncio.create_task(answer(questions, answers, count))
    for n in range(count):
        await questions.put(n)
        await answers.get()
    await other


async def free_lock(count):
    await acquire_and_release(asyncio.Lock(), count)


async def free_semaphore(count):
    await acquire_and_release(asyncio.Semaphore(2), count)


async def contended_lock(count):
    lock = asyncio.Lock()
    await asyncio.gather(*[hold_for_a_loop(lock, count // 10) for _ in range(10)])


async def gather(count):
    await asyncio.gather(*[nothing() for _ in range(count)])


async def calls(count):
    for _ in range(count):
        await deep(10)


async def deep_switch(count):
    for _ in range(count):
        await deep_sleep(10)


def timed(case):
    def run(count):
        start = time.perf_counter()
        asyncio.run(case(count))
        return (time.perf_counter() - start) * 1000

    return run


# Each with what is asked at once.
CASES = {
    "asyncio/spawn": (timed(spawn), 20_000),
    "asyncio/switch": (timed(switch), 50_000),
    "asyncio/putGet": (timed(put_get), 50_000),
    "asyncio/pingPong": (timed(ping_pong), 10_000),
    "asyncio/freeLock": (timed(free_lock), 100_000),
    "asyncio/contendedLock": (timed(contended_lock), 20_000),
    "asyncio/freeSemaphore": (timed(free_semaphore), 100_000),
    "asyncio/gather": (timed(gather), 100_000),
    "asyncio/calls": (timed(calls), 20_000),
    "asyncio/deepSwitch": (timed(deep_switch), 20_000),
}


def resident_bytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def memory(case):
    """Bytes for each of a million tasks that wait."""
    count = 1_000_000

    async def sleeping():
        await asyncio.sleep(3600)

    async def waiting(event):
        await event.wait()

    async def main():
        before = resident_bytes()
        event = asyncio.Event()
        work = sleeping if case == "sleep" else lambda: waiting(event)
        tasks = [asyncio.create_task(work()) for _ in range(count)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return (resident_bytes() - before) / len(tasks)

    loop = asyncio.new_event_loop()
    return {"value": loop.run_until_complete(main())}
