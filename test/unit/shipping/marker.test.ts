import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  markedFunction,
  markedKeys,
  onMark,
  task,
  taskReference,
} from "../../../build/src/shipping/marker.js";

describe("task", () => {
  it("returns the same function", () => {
    const fn = (n: number): number => n + 1;
    const marked = task("file:///same.js", fn);
    assert.equal(marked, fn);
    assert.equal(marked(1), 2);
  });

  it("counts the calls of each module", () => {
    const [a, b, c] = [() => 1, () => 2, () => 3];
    task("file:///count-1.js", a);
    task("file:///count-2.js", b);
    task("file:///count-1.js", c);
    assert.deepEqual(taskReference(a), { kind: "task", url: "file:///count-1.js", key: "0" });
    assert.deepEqual(taskReference(b), { kind: "task", url: "file:///count-2.js", key: "0" });
    assert.deepEqual(taskReference(c), { kind: "task", url: "file:///count-1.js", key: "1" });
    assert.equal(markedFunction("file:///count-1.js", "1"), c);
    assert.deepEqual(markedKeys("file:///count-1.js"), ["0", "1"]);
  });

  it("takes a key, which a later count does not collide with", () => {
    const [a, b] = [() => 1, () => 2];
    task("file:///key.js", a, { key: "resize" });
    task("file:///key.js", b);
    assert.equal(taskReference(a)?.key, "resize");
    assert.equal(taskReference(b)?.key, "1");
  });

  it("takes a URL, import.meta, and paths of POSIX and Windows", () => {
    const sites = [
      [new URL("file:///u.js"), "file:///u.js"],
      [{ url: "file:///m.js" }, "file:///m.js"],
      ["/a b/100%/#1/p?.cjs", "file:///a%20b/100%25/%231/p%3F.cjs"],
      ["C:\\code\\p.cjs", "file:///C:/code/p.cjs"],
      ["https://example.org/p.js?v=1", "https://example.org/p.js?v=1"],
    ] as const;
    for (const [site, url] of sites) {
      const fn = () => url;
      task(site, fn);
      assert.equal(taskReference(fn)?.url, url);
    }
  });

  it("refuses a site that names no module", () => {
    const fn = () => 1;
    const noUrl = undefined as unknown as string;
    assert.throws(() => task(noUrl, fn), /import\.meta\.url is undefined.*task\(__filename, fn\)/);
    assert.throws(() => task({} as ImportMeta, fn), /import\.meta\.url is undefined/);
    assert.throws(() => task("jobs.js", fn), /^TypeError: Cannot mark the function: "jobs\.js"/);
  });

  it("refuses what is not a function", () => {
    assert.throws(
      () => task("file:///x.js", 5 as unknown as () => void),
      /^TypeError: task: fn must be a function, got /,
    );
  });

  it("refuses a key that another function has, but not the same module evaluated again", () => {
    const make = (): (() => number) => () => 1;
    task("file:///twice.js", make(), { key: "a" });
    const again = make();
    task("file:///twice.js", again, { key: "a" });
    assert.equal(markedFunction("file:///twice.js", "a"), again);
    assert.throws(
      () => task("file:///twice.js", () => 2, { key: "a" }),
      /^RangeError: .*already has a task/,
    );
  });

  it("tells who waits for a mark", () => {
    let calls = 0;
    const stop = onMark(() => (calls += 1));
    task("file:///wait.js", () => 1);
    stop();
    task("file:///wait.js", () => 2);
    assert.equal(calls, 1);
  });
});
