"""Records what random programs of asyncio do in CPython; support/asyncio/random-program.ts has the same in TypeScript.

    python3.13 record-asyncio.py FIRST LAST > asyncio-programs.json
"""

import asyncio
import json
import selectors
import sys


class Dice:
    def __init__(self, seed):
        self.state = seed

    def roll(self, sides):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % sides


class JumpingSelector(selectors.SelectSelector):
    """Time passes only when nothing else is to be done."""

    now = 0

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("nothing will ever happen")
        self.now += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self.jumping = JumpingSelector()
        super().__init__(self.jumping)

    def time(self):
        return self.jumping.now


class OrderedTimers:
    """Has timers of the same time run in the order in which they were set, which CPython leaves open."""

    def __init__(self):
        self.sequence = {}
        make = asyncio.TimerHandle.__init__

        def init(handle, *args, **kwargs):
            make(handle, *args, **kwargs)
            self.sequence[id(handle)] = len(self.made)
            self.made.append(handle)

        self.made = []
        asyncio.TimerHandle.__init__ = init
        asyncio.TimerHandle.__lt__ = lambda a, b: self.key(a) < self.key(b)

    def key(self, handle):
        return (handle.when(), self.sequence[id(handle)])


# All tasks, by number.
made = {}


class OrderedSet(dict):
    """CPython leaves open in which order the tasks of a group are cancelled."""

    def add(self, item):
        self[item] = None

    def discard(self, item):
        self.pop(item, None)


def order_tasks():
    """Has tasks that are cancelled together be cancelled in the order in which they were made."""
    make = asyncio.TaskGroup.__init__
    find = asyncio.tasks.all_tasks

    def init(group):
        make(group)
        group._tasks = OrderedSet()

    asyncio.TaskGroup.__init__ = init
    asyncio.tasks.all_tasks = lambda loop: sorted(find(loop), key=lambda task: made.get(task, -1))


def describe(error):
    if isinstance(error, ExceptionGroup):
        return "[" + ",".join(describe(each) for each in error.exceptions) + "]"
    if isinstance(error, (TimeoutError, asyncio.CancelledError)):
        return type(error).__name__
    return f"Error {error}"


class RandomProgram:
    def __init__(self, seed):
        self.seed = seed
        self.log = []
        self.tasks = []
        self.futures = []
        self.made = 0

    def run(self):
        self.loop = VirtualLoop()
        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(self.main())
        return self.log

    def make_task(self, loop, work, **options):
        task = asyncio.Task(work, loop=loop, **options)
        made[task] = len(made)
        return task

    async def main(self):
        self.loop.set_exception_handler(lambda loop, context: None)
        # CPython holds tasks weakly, and may lose those that wait for one another.
        self.loop.set_task_factory(self.make_task)
        for _ in range(3):
            self.futures.append(self.loop.create_future())
        for _ in range(4):
            self.tasks.append(asyncio.create_task(self.worker(3)))
        for _ in range(3):
            await self.attempt("main", lambda: asyncio.wait(self.tasks, timeout=7))
        for i, future in enumerate(self.futures):
            if not future.done():
                future.set_result(i)
        await self.attempt("main", lambda: asyncio.gather(*self.tasks, return_exceptions=True))

    def worker(self, depth):
        self.made += 1
        dice = Dice(self.seed * 1000 + self.made)
        return self.work(str(self.made), depth, dice)

    async def work(self, id, depth, dice):
        count = 1 + dice.roll(4)
        for i in range(count):
            self.note(f"{id} step {i} cancelling {asyncio.current_task().cancelling()}")
            await self.act(f"{id}.{i}", depth, dice)
        if dice.roll(6) == 0:
            raise ValueError(f"of {id}")
        return id

    async def act(self, id, depth, dice):
        future = self.futures[dice.roll(len(self.futures))]
        caught = dice.roll(3) > 0
        ms = dice.roll(4)
        kind = dice.roll(12 if depth > 0 else 6)
        if kind == 2:
            task = self.tasks[dice.roll(len(self.tasks))]
            self.note(f"{id} cancels {str(task.cancel(id)).lower()}")
        elif kind == 3:
            if not future.done():
                future.set_result(ms)
        else:
            if kind == 5 and asyncio.current_task().cancelling() != 0:
                self.note(f"{id} left {asyncio.current_task().uncancel()}")
            await self.attempt(id, self.operation(kind, future, ms, depth, dice), caught)

    def operation(self, kind, future, ms, depth, dice):
        match kind:
            case 4:
                return lambda: asyncio.wait_for(asyncio.shield(future), 5)
            case 5:
                return lambda: asyncio.sleep(0)
            case 6:
                body = self.worker(depth - 1)
                return lambda: self.limited(ms, body)
            case 7:
                children = 1 + dice.roll(2)
                return lambda: self.group(children, depth)
            case 8:
                body = self.worker(depth - 1)
                return lambda: asyncio.wait_for(body, ms)
            case 9:
                bodies = [self.worker(depth - 1), self.worker(depth - 1)]
                return lambda: asyncio.gather(*bodies)
            case 10:
                task = asyncio.create_task(self.worker(depth - 1))
                return lambda: task
            case 11:
                return lambda: self.limited(ms, asyncio.sleep(2))
            case _:
                return lambda: asyncio.sleep(ms)

    async def limited(self, ms, body):
        async with asyncio.timeout(ms):
            return await body

    async def group(self, children, depth):
        async with asyncio.TaskGroup() as group:
            for _ in range(children):
                group.create_task(self.worker(depth - 1))
            await asyncio.sleep(1)

    async def attempt(self, id, operation, caught=True):
        try:
            result = await operation()
            kinds = {type(None): "undefined", int: "number", str: result}
            self.note(f"{id} got {kinds.get(type(result), 'object')}")
        except BaseException as error:
            self.note(f"{id} threw {describe(error)}")
            if not caught:
                raise

    def note(self, text):
        self.log.append(f"{int(self.loop.time())} {text}")


if __name__ == "__main__":
    OrderedTimers()
    order_tasks()
    first, last = int(sys.argv[1]), int(sys.argv[2])
    programs = {str(seed): RandomProgram(seed).run() for seed in range(first, last + 1)}
    json.dump({seed: "\n".join(log) for seed, log in programs.items()}, sys.stdout, indent=2)
