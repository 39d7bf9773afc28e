/** Call graphs as text. */
import { kindOf } from "../../base/text.ts";
import { type Future, Task } from "../engine/classes.ts";
import { platform } from "#platform";
import { checkedOptions } from "../../base/options.ts";
import { type CallGraphOptions, captureCallGraph, type FutureCallGraph } from "./call-graph.ts";
import { lineOf } from "../engine/stack-frames.ts";

/** Where a text can be written. Python: none */
export interface TextSink {
  /** Writes the text. Python: none */
  write(text: string): unknown;
}

/** What {@link printCallGraph} takes besides the future. Python: none */
export interface PrintCallGraphOptions extends CallGraphOptions {
  /** Where to write. Default: standard error. */
  readonly file?: TextSink | undefined;
}

/** Levels that are indented. Below them, lines tell their level: a long chain is no longer than it must be. */
const MOST_INDENTED = 40;

/**
 * Returns a call graph as text: the future, its stack, and, indented, who waits for it.
 *
 * Who waits for several of them is described once, and only named after that. See
 * {@link captureCallGraph} for arguments, results and errors.
 *
 * Python: `asyncio.format_call_graph`
 *
 * Differs: an awaiter of several futures is described once; Python repeats it. Levels beyond 40
 *   are not indented further.
 *
 * @returns The empty string if no future was given, and the calling code belongs to no task.
 *
 * @example
 * ```ts
 * import { createTask, formatCallGraph, Future, run, sleep } from "heddle/asyncio";
 *
 * await run(async () => {
 *   const future = new Future<void>();
 *   createTask(async () => await future, { name: "ada" });
 *   await sleep(0);
 *   console.log(formatCallGraph(future).split("\n").length); // 3
 * });
 * ```
 */
export function formatCallGraph(
  future?: Future<unknown> | null,
  options?: CallGraphOptions,
): string {
  const graph = captureCallGraph(future, options);
  return graph === null ? "" : textOf(graph);
}

/**
 * Writes what {@link formatCallGraph} returns.
 *
 * Python: `asyncio.print_call_graph`
 *
 * Differs: writes on standard error by default, not on standard output.
 *
 * @param options.file Where to write. Default: standard error.
 *
 * @example
 * ```ts
 * import { Future, printCallGraph, run } from "heddle/asyncio";
 *
 * await run(async () => {
 *   let text = "";
 *   printCallGraph(new Future<void>(), { file: { write: (part) => (text += part) } });
 *   console.log(text.startsWith("* Future(")); // true
 * });
 * ```
 */
export function printCallGraph(
  future?: Future<unknown> | null,
  options?: PrintCallGraphOptions,
): void {
  const { file, ...rest } = checkedOptions(options, ["file", "depth", "limit"], "printCallGraph");
  if (file !== undefined && typeof file?.write !== "function")
    throw new TypeError(`printCallGraph: "file" must have write(), got ${kindOf(file)}`);
  (file ?? platform.errorStream).write(`${formatCallGraph(future, rest)}\n`);
}

interface Place {
  readonly node: FutureCallGraph;
  readonly level: number;
}

function textOf(graph: FutureCallGraph): string {
  const lines: string[] = [];
  const described = new Set<FutureCallGraph>();
  const places: Place[] = [{ node: graph, level: 0 }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const { node, level } = place;
    const indent = indentOf(level);
    if (described.has(node)) {
      lines.push(`${indent}* ${titleOf(node.future)}, see above`);
      continue;
    }
    described.add(node);
    lines.push(`${indent}* ${titleOf(node.future)}`);
    if (node.callStack.length > 0) lines.push(`${indent}  + Call stack:`);
    for (const { frame } of node.callStack) lines.push(`${indent}  |   ${lineOf(frame)}`);
    if (node.awaitedBy.length > 0) lines.push(`${indent}  + Awaited by:`);
    for (let i = node.awaitedBy.length - 1; i >= 0; i--)
      places.push({ node: node.awaitedBy[i] as FutureCallGraph, level: level + 1 });
  }
  return lines.join("\n");
}

function indentOf(level: number): string {
  if (level <= MOST_INDENTED) return "     ".repeat(level);
  return `${"     ".repeat(MOST_INDENTED)}[${level}] `;
}

function titleOf(future: Future<unknown>): string {
  if (!(future instanceof Task)) return `Future(id=${idOf(future)})`;
  return `Task(name=${JSON.stringify(future.getName())}, id=${idOf(future)})`;
}

let ids: WeakMap<object, number> | undefined;
let lastId = 0;

/** A number that no other future of this thread has. */
function idOf(future: object): number {
  ids ??= new WeakMap();
  const known = ids.get(future);
  if (known !== undefined) return known;
  lastId += 1;
  ids.set(future, lastId);
  return lastId;
}
