/**
 * A context's values on their way to another thread.
 *
 * The module that makes a variable makes another one in each thread, so values
 * travel under their variable's name. Names need not be unique: a value whose
 * variable is not the only one of its name, in the thread it leaves or in the one
 * where it arrives, stays behind. A value that is missing is noticed, or made up
 * for by a default; one given to a stranger's variable is neither.
 */
import { type Contents, currentContents, setValue, snapshot, startOver } from "./contents.ts";
import { type Context, contentsOf } from "./context.ts";
import type { ContextVar } from "./context-var.ts";
import { onlyVariableNamed } from "./variables.ts";

export type NamedEntry = readonly [name: string, value: unknown];

/** Lists the values of the context whose variables' names are unique in this thread. */
export function namedEntries(context: Context): NamedEntry[] {
  const entries: NamedEntry[] = [];
  for (const [variable, value] of snapshot(contentsOf(context))) {
    const { name } = variable as ContextVar<unknown>;
    if (onlyVariableNamed(name) === variable) entries.push([name, value]);
  }
  return entries;
}

/** Begins a thread in this agent, in an empty context but for these entries; see {@link applyNamedEntries}. */
export function beginContext(entries: Iterable<NamedEntry>): NamedEntry[] {
  startOver();
  return apply(currentContents(), entries);
}

/**
 * Sets, in the context, the variables of this thread that bear these names.
 *
 * Only variables that exist already are found: first import the modules that make them.
 *
 * @returns The entries for which there is no variable, or more than one.
 */
export function applyNamedEntries(context: Context, entries: Iterable<NamedEntry>): NamedEntry[] {
  return apply(contentsOf(context), entries);
}

function apply(contents: Contents, entries: Iterable<NamedEntry>): NamedEntry[] {
  const leftOver: NamedEntry[] = [];
  for (const entry of entries) {
    const [name, value] = entry;
    const variable = onlyVariableNamed(name);
    if (variable === undefined) leftOver.push(entry);
    else setValue(contents, variable, value);
  }
  return leftOver;
}
