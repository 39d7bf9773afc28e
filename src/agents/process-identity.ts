/** Who the processes are that heddle starts. */
import { threadRegistry } from "../base/registry.ts";
import {
  childArguments,
  type ChildIdentity,
  MAIN_PROCESS,
  processId,
} from "../platform/process/child-arguments.ts";

/** How many children this thread has numbered. */
function children(): { count: number } {
  return threadRegistry("child processes@1", () => ({ count: 0 }));
}

/** The number of one more child, after the numbers of the processes above it. */
export function nextPath(): readonly number[] {
  return [...(childArguments()?.path ?? []), ++children().count];
}

/** Who the calling process is. */
export function ownIdentity(): ChildIdentity {
  return childArguments() ?? { name: MAIN_PROCESS, path: [], daemon: false };
}

/** The name and the process id of the process that has started this one; undefined if heddle has not. */
export function parentIdentity(): { readonly name: string; readonly pid: number } | undefined {
  return childArguments()?.parent;
}

/** The process id of the calling process; undefined in a page. */
export function ownProcessId(): number | undefined {
  return processId();
}
