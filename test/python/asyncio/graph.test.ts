/** The call graph: who waits for whom. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RuntimeError } from "heddle";
import {
  asCompleted,
  type Awaitable,
  captureCallGraph,
  type Coroutine,
  createTask,
  currentTask,
  formatCallGraph,
  FrameCallGraphEntry,
  Future,
  futureAddToAwaitedBy,
  FutureCallGraph,
  futureDiscardFromAwaitedBy,
  gather,
  getRunningLoop,
  Loop,
  printCallGraph,
  run,
  shield,
  sleep,
  type Task,
  type TaskGroup,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "heddle/asyncio";
import { captureErrorOutput } from "../../support/error-output.ts";
import { errorOf, inStyle, STYLES } from "../../support/asyncio/both-styles.ts";

/** The names of whom it waits for, each with its own in brackets: `a(main)`. */
function awaiters(graph: FutureCallGraph | null): string {
  return (graph as FutureCallGraph).awaitedBy
    .map((node) => {
      const beyond = awaiters(node);
      return `${(node.future as Task<unknown>).getName()}${beyond === "" ? "" : `(${beyond})`}`;
    })
    .sort()
    .join(", ");
}

function names(graph: FutureCallGraph | null): string[] {
  return (graph as FutureCallGraph).callStack.map(({ frame }) => frame.name);
}

for (const style of STYLES) {
  const { spawn, main, co } = inStyle(style);

  describe(`asyncio's call graph, ${style.name}`, () => {
    it("GR-002 captureCallGraph: two who wait for one task, and who waits for these", async () => {
      await main(function* () {
        let graph: FutureCallGraph | null = null;
        currentTask()?.setName("main");
        const shared = spawn(function* () {
          yield sleep(1);
          graph = captureCallGraph();
        });
        yield taskGroup((group: TaskGroup) => {
          for (const name of ["a", "b"])
            group.createTask(
              co(function* () {
                yield shared;
              }),
              { name },
            );
        });
        assert.equal(awaiters(graph), "a(main), b(main)");
        const [a, b] = (graph as FutureCallGraph | null)?.awaitedBy ?? [];
        assert.equal(a?.awaitedBy[0], b?.awaitedBy[0]);
      });
    });

    it("GR-004 captureCallGraph: who waits for what is gathered, shielded or waited for", async () => {
      await main(function* () {
        const child = new Future<void>();
        const waits = [
          function* () {
            yield gather([child]);
          },
          function* () {
            yield gather([gather([shield(child)])]);
          },
          function* () {
            yield wait([child]);
          },
          function* () {
            yield waitFor(child, 1000);
          },
          function* () {
            for (const next of asCompleted([child])) yield next as Awaitable<unknown>;
          },
          function* () {
            yield timeout(1000, () => waitFor(shield(child), null));
          },
        ];
        const tasks = waits.map((steps, i) => spawn(steps, { name: `waiter ${i}` }));
        yield sleep(0);
        yield sleep(0);
        assert.deepEqual(
          awaiters(captureCallGraph(child)).split(", "),
          tasks.map((task) => task.getName()),
        );
        child.setResult();
        yield wait(tasks);
        assert.deepEqual(captureCallGraph(child)?.awaitedBy, []);
      });
    });

    it("GR-006 captureCallGraph: a future has no stack, and all tasks that wait for it", async () => {
      await main(function* () {
        const future = new Future<void>();
        const tasks = ["a", "b"].map((name) =>
          spawn(
            function* () {
              yield future;
            },
            { name },
          ),
        );
        yield sleep(0);
        const graph = captureCallGraph(future);
        assert.equal(graph?.future, future);
        assert.deepEqual(graph?.callStack, []);
        assert.equal(awaiters(graph), "a, b");
        future.setResult();
        yield wait(tasks);
      });
    });

    it("GR-010 captureCallGraph: who has been waiting is no awaiter any more", async () => {
      await main(function* () {
        const done = new Future<void>();
        const given = new Future<void>();
        const [first, second] = [done, given].map((future) =>
          spawn(function* () {
            yield future;
            yield sleep(1);
          }),
        );
        const third = spawn(function* () {
          yield* errorOf(waitFor(given, 5));
        });
        yield sleep(1);
        done.setResult();
        assert.deepEqual(captureCallGraph(done)?.awaitedBy, []);
        assert.equal(captureCallGraph(given)?.awaitedBy.length, 2);
        yield sleep(10);
        assert.deepEqual(captureCallGraph(given)?.awaitedBy, []);
        yield wait([first, second, third] as Task<unknown>[]);
      });
    });
  });
}

describe("asyncio's call graph", () => {
  it("GR-001 captureCallGraph: the current task, its stack from the innermost function on, and who waits for it", async () => {
    const graphs: (FutureCallGraph | null)[] = [];
    function look(): void {
      graphs.push(captureCallGraph());
    }
    function* inner(): Coroutine<void> {
      yield* sleep(1);
      look();
    }
    function* outer(): Coroutine<void> {
      yield* timeout(1000, inner);
    }
    function* parent(): Coroutine<void> {
      yield* createTask(outer(), { name: "child" });
    }
    await run(function* () {
      const task = createTask(parent, { name: "parent" });
      yield* task;
      const [graph = null] = graphs;
      assert.deepEqual(names(graph), ["look", "inner", "outer"]);
      const { future, awaitedBy = [] } = graph ?? {};
      assert.equal((future as Task<unknown>).getName(), "child");
      assert.equal(awaitedBy[0]?.future, task);
      assert.deepEqual(names(awaitedBy[0] ?? null), ["parent"]);
      assert.match(awaitedBy[0]?.callStack[0]?.frame.file ?? "", /asyncio.graph\.test\.[jt]s$/);
    });
  });

  it("GR-001 captureCallGraph: an async function, as far as the runtime tells", async () => {
    async function inner(): Promise<FutureCallGraph | null> {
      await sleep(1);
      return captureCallGraph();
    }
    await run(async () => {
      const graph = await createTask(inner, { name: "child" });
      assert.equal(names(graph)[0], "inner");
      assert.equal(awaiters(graph), currentTask()?.getName());
    });
  });

  it("GR-001 captureCallGraph: depth skips functions, limit keeps the innermost or outermost", async () => {
    const seen: unknown[] = [];
    function look(): void {
      seen.push(
        names(captureCallGraph(null, { depth: 1 })),
        names(captureCallGraph(null, { depth: 2 })),
      );
      seen.push(
        names(captureCallGraph(null, { limit: 2 })),
        names(captureCallGraph(null, { limit: -2 })),
      );
      seen.push(names(captureCallGraph(null, { limit: 0 })));
    }
    function* inner(): Coroutine<void> {
      look();
    }
    await run(function* outer(): Coroutine<void> {
      yield* inner();
    });
    assert.deepEqual(seen, [
      ["look", "inner", "outer"],
      ["inner", "outer"],
      ["look", "inner"],
      ["inner", "outer"],
      [],
    ]);
  });

  it("GR-003 captureCallGraph: an async generator is on the stack", async () => {
    async function* numbers(): AsyncGenerator<FutureCallGraph | null> {
      await sleep(1);
      yield captureCallGraph();
    }
    await run(async () => {
      for await (const graph of numbers()) assert.ok(names(graph).includes("numbers"));
    });
  });

  it("GR-007 formatCallGraph: names tasks, and gives futures numbers", async () => {
    await run(async () => {
      const future = new Future<void>();
      const task = createTask(
        function* waiting(): Coroutine<void> {
          yield* future;
        },
        { name: "ada" },
      );
      await sleep(0);
      const lines = formatCallGraph(future).split("\n");
      assert.match(lines[0] ?? "", /^\* Future\(id=\d+\)$/);
      assert.equal(lines[1], "  + Awaited by:");
      assert.match(lines[2] ?? "", /^ {5}\* Task\(name="ada", id=\d+\)$/);
      assert.equal(lines[3], "       + Call stack:");
      assert.match(
        lines[4] ?? "",
        /^ {7}\| {3}File ".*asyncio.graph\.test\.[jt]s", line \d+, in waiting$/,
      );
      assert.equal(lines.length, 5);
      let written = "";
      printCallGraph(future, { file: { write: (text: string) => (written += text) } });
      assert.equal(written, `${lines.join("\n")}\n`);
      assert.equal(
        captureErrorOutput(() => printCallGraph(future, { limit: 0 })).split("\n").length,
        4,
      );
      future.setResult();
      await task;
    });
  });

  it("GR-009 captureCallGraph: refuses what is no future, and needs a loop where there is none", async () => {
    assert.throws(() => captureCallGraph(), RuntimeError);
    assert.throws(() => formatCallGraph(), RuntimeError);
    assert.throws(() => captureCallGraph({} as never), TypeError);
    const future = new Future<void>({ loop: new Loop() });
    assert.equal(captureCallGraph(future)?.future, future);
    await run(async () => {
      let inCallback: unknown;
      let text: unknown;
      getRunningLoop().callSoon(() => {
        inCallback = captureCallGraph();
        text = formatCallGraph();
      });
      await sleep(1);
      assert.equal(inCallback, null);
      assert.equal(text, "");
    });
  });
});

describe("captureCallGraph", () => {
  it("makes frozen results", async () => {
    await run(async () => {
      const graph = captureCallGraph() as FutureCallGraph;
      assert.ok(graph instanceof FutureCallGraph);
      assert.ok(graph.callStack[0] instanceof FrameCallGraphEntry);
      for (const each of [graph, graph.callStack, graph.callStack[0], graph.awaitedBy])
        assert.ok(Object.isFrozen(each));
    });
  });

  it("knows what it has been told, until that is taken back", async () => {
    await run(async () => {
      const [future, other] = [new Future<void>(), new Future<void>()];
      futureAddToAwaitedBy(future, other);
      futureAddToAwaitedBy(future, other);
      futureAddToAwaitedBy(future, "no future");
      assert.deepEqual(
        captureCallGraph(future)?.awaitedBy.map((node) => node.future),
        [other],
      );
      futureDiscardFromAwaitedBy(future, other);
      futureDiscardFromAwaitedBy(other, future);
      const done = new Future<void>();
      done.setResult();
      futureAddToAwaitedBy(done, other);
      assert.deepEqual(captureCallGraph(done)?.awaitedBy, []);
      assert.deepEqual(captureCallGraph(future)?.awaitedBy, []);
    });
  });

  it("takes futures that wait for each other", async () => {
    await run(async () => {
      const [a, b] = [new Future<void>(), new Future<void>()];
      futureAddToAwaitedBy(a, b);
      futureAddToAwaitedBy(b, a);
      const graph = captureCallGraph(a);
      assert.equal(graph?.awaitedBy[0]?.awaitedBy[0], graph);
      const id = /id=\d+/.exec(formatCallGraph(a))?.[0];
      assert.equal(
        formatCallGraph(a).split("\n").at(-1),
        `${" ".repeat(10)}* Future(${id}), see above`,
      );
    });
  });

  it("takes long chains and large crowds in linear time", async () => {
    await run(async () => {
      const end = new Future<void>();
      let last: Future<void> = end;
      for (let i = 0; i < 100_000; i++) {
        const next = new Future<void>();
        futureAddToAwaitedBy(last, next);
        last = next;
      }
      assert.equal(formatCallGraph(end).split("\n").length, 200_001);
      const crowd = new Future<void>();
      const tasks = Array.from({ length: 20_000 }, () => createTask(() => wait([crowd])));
      const whole = gather(tasks);
      await sleep(0);
      assert.equal(captureCallGraph(crowd, { limit: 0 })?.awaitedBy.length, 20_000);
      assert.ok(formatCallGraph(crowd, { limit: 0 }).length > 20_000);
      crowd.setResult();
      await whole;
    });
  });
});
