/** Errors of which the program never learns are printed, and make its exit code 1. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runProgram } from "../../support/program.ts";

const PROGRAM = new URL("./programs/unread-errors.ts", import.meta.url);

const UNREAD = [
  ["Thread"],
  ["Process"],
  ["ThreadPoolExecutor", "submit"],
  ["ThreadPoolExecutor", "map"],
  ["ThreadPoolExecutor", "map, in chunks"],
  ["ProcessPoolExecutor", "map"],
  ["ThreadPool", "applyAsync"],
  ["ThreadPool", "mapAsync"],
  ["ThreadPool", "imap"],
  ["ThreadPool", "imapUnordered"],
];

const READ = [
  ["ThreadPoolExecutor", "map, read"],
  ["ThreadPoolExecutor", "map, read one by one"],
  ["ThreadPoolExecutor", "map, left"],
  ["ThreadPool", "imap, read"],
  ["ThreadPool", "imap, read up to the first"],
  ["ThreadPool", "imapUnordered, read up to the first"],
  ["ThreadPool", "imap, left"],
  ["ThreadPool", "applyAsync, terminated"],
];

describe("an error that the program never reads is printed once, and makes the exit code 1", () => {
  for (const [where = "", ...how] of UNREAD) {
    it([where, ...how].join(" "), () => {
      const { status, stderr } = runProgram(PROGRAM, where, ...how);
      assert.equal(stderr.match(/^RangeError: unread \d$/gm)?.length, 1, stderr);
      assert.equal(status, 1);
    });
  }
});

describe("nothing is printed of an error that was read, or that the program does not ask for any more", () => {
  for (const [where = "", ...how] of READ) {
    it([where, ...how].join(" "), () => {
      const { status, stderr } = runProgram(PROGRAM, where, ...how);
      assert.equal(stderr, "");
      assert.equal(status, 0);
    });
  }
});
