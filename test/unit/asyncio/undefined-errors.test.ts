/** `Promise.reject()` and `throw undefined` are failures, wherever something asks whether there is an error. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ExceptionGroup, RuntimeError } from "heddle";
import {
  type Awaitable,
  asCompleted,
  type Coroutine,
  createTask,
  each,
  FIRST_EXCEPTION,
  Future,
  gather,
  Loop,
  run,
  shield,
  sleep,
  StreamReader,
  taskGroup,
  timeout,
  wait,
  waitFor,
} from "heddle/asyncio";
import {
  FIRST_EXCEPTION as FIRST_EXCEPTION_OF_THREADS,
  Future as ThreadFuture,
  wait as waitForThreads,
} from "heddle/concurrent/futures";
import { inStyle, type Steps, STYLES } from "../../support/asyncio/both-styles.ts";

for (const thrown of [undefined, null]) {
  for (const style of STYLES) {
    const { main, spawn, co } = inStyle(style);

    function* failing(): Steps<never> {
      yield sleep(0);
      // oxlint-disable-next-line typescript/only-throw-error -- what this is about
      throw thrown;
    }
    const fails = (): Coroutine<never> | Promise<never> => co(failing)();

    describe(`an error that is ${thrown}, ${style.name}`, () => {
      /** What waiting for it throws, in an array: it may be `undefined`. */
      function* thrownBy(start: () => Awaitable<unknown>): Steps<unknown[]> {
        try {
          yield start();
        } catch (error) {
          return [error];
        }
        return [];
      }

      it("passes through everything that waits for one thing", async () => {
        await main(function* () {
          const starts: Record<string, () => Awaitable<unknown>> = {
            task: () => createTask(fails),
            gather: () => gather([fails, sleep(5)]),
            shield: () => shield(fails),
            waitFor: () => waitFor(fails, 100),
            timeout: () => timeout(100, fails),
            each: () => each([sleep(0)], fails),
            asCompleted: () => asCompleted([fails]).next().value as Awaitable<unknown>,
            future: () => {
              const future = new Future<never>();
              future.setException(thrown);
              return future;
            },
          };
          for (const [name, start] of Object.entries(starts))
            assert.deepEqual(yield* thrownBy(start), [thrown], name);
        });
      });

      it("of a child, or of the body, leaves a group in an ExceptionGroup", async () => {
        await main(function* () {
          const [ofChild] = yield* thrownBy(() =>
            taskGroup((group) => {
              group.createTask(fails);
              return "all is well";
            }),
          );
          assert.ok(ofChild instanceof ExceptionGroup);
          assert.deepEqual(ofChild.exceptions, [thrown]);
          const [ofBody] = yield* thrownBy(() => taskGroup(fails));
          assert.ok(ofBody instanceof ExceptionGroup);
          assert.deepEqual(ofBody.exceptions, [thrown]);
        });
      });

      it("ends wait(FIRST_EXCEPTION)", async () => {
        await main(function* () {
          const tasks = [spawn(failing), createTask(sleep(100))];
          const [done, pending] = (yield wait(tasks, {
            returnWhen: FIRST_EXCEPTION,
          })) as Set<unknown>[];
          assert.deepEqual([done?.size, pending?.size], [1, 1]);
        });
      });

      it("is not shown as no error", async () => {
        await main(function* () {
          const task = spawn(failing);
          yield wait([task]);
          assert.ok(task.exception() instanceof RuntimeError);
          const [outcome] = (yield gather([fails], { returnExceptions: true })) as unknown[];
          assert.ok(outcome instanceof RuntimeError);
        });
      });

      it("of a task that the end of the run cancels is told to the loop", async () => {
        const told: unknown[] = [];
        const loop = new Loop();
        loop.setExceptionHandler((_, context) =>
          told.push([context.message, "exception" in context]),
        );
        await run(
          co(function* () {
            spawn(function* () {
              try {
                yield sleep(1000);
              } finally {
                // oxlint-disable-next-line no-unsafe-finally, typescript/only-throw-error -- what this is about
                throw thrown;
              }
            });
            yield sleep(0);
          }),
          { loopFactory: () => loop },
        );
        assert.deepEqual(told, [["Unhandled exception while a run was being ended", true]]);
      });

      it("breaks a stream", async () => {
        await main(function* () {
          const reader = new StreamReader();
          reader.setException(thrown);
          assert.deepEqual(yield* thrownBy(() => reader.read()), [thrown]);
          assert.ok(reader.exception() instanceof RuntimeError);
        });
      });
    });
  }

  describe(`an error that is ${thrown}, of an executor's future`, () => {
    it("is thrown by the result, ends wait(FIRST_EXCEPTION), and is not shown as no error", async () => {
      const failed = new ThreadFuture<never>();
      failed.setException(thrown);
      const outcome = await failed.then(
        () => "succeeded",
        (error: unknown) => [error],
      );
      assert.deepEqual(outcome, [thrown]);
      const { done, notDone } = await waitForThreads([failed, new ThreadFuture<never>()], {
        returnWhen: FIRST_EXCEPTION_OF_THREADS,
      });
      assert.deepEqual([done.size, notDone.size], [1, 1]);
      assert.ok(failed.exceptionSync() instanceof RuntimeError);
      assert.ok((await failed.exception()) instanceof RuntimeError);
    });
  });
}
