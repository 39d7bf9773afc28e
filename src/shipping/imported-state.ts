/**
 * What a slice reads of modules whose exports may have changed since they were evaluated.
 *
 * A worker evaluates such a module for itself, and finds what the module exported at first. So
 * what is read is compared there, and here each time that the function is shipped again: where it
 * differs the function is refused. What a module keeps for itself no other thread can see.
 */
import { NotShippableError } from "../errors.ts";
import { changeOf, exportNames } from "./slices/changeable-exports.ts";
import { importIfEvaluated } from "./export-search.ts";
import type { ModuleState, StateRead } from "./function-reference.ts";
import { namespaceAtOnce, printOf, valueAt } from "./module-state.ts";
import type { ImportedModule, ImportRead } from "./slices/imports-read.ts";
import type { Refusals } from "./slices/refusal.ts";
import type { Binding } from "./syntax/scopes.ts";

type Namespace = Readonly<Record<string, unknown>>;

/** What a function reads, and what finds out whether that is still so. */
export interface ImportedState {
  readonly state: readonly ModuleState[];
  /** Throws if it is not. */
  readonly check: (() => void) | undefined;
}

/** @returns A promise if a module can only be looked into by waiting for it. */
export function importedState(
  imports: readonly ImportedModule[],
  refusals: Refusals,
): ImportedState | Promise<ImportedState> {
  const present = imports.map((each): [ImportedModule, Namespace | undefined] => [
    each,
    namespaceOf(each.url),
  ]);
  const isMissing = present.some(([each, namespace]) => !namespace && mayDiffer(each));
  if (!isMissing) return stateOf(present, refusals);
  const awaited = present.map(
    async ([each, namespace]): Promise<[ImportedModule, Namespace | undefined]> => [
      each,
      namespace ?? (await importIfEvaluated(each.url)),
    ],
  );
  return Promise.all(awaited).then((all) => stateOf(all, refusals));
}

/** Namespaces of modules, which stay the same objects. */
const namespaces = new Map<string, Namespace>();

function namespaceOf(url: string): Namespace | undefined {
  const known = namespaces.get(url);
  if (known !== undefined) return known;
  const namespace = namespaceAtOnce(url);
  // What CommonJS exports may become another object.
  if (namespace !== undefined && isModule(namespace)) namespaces.set(url, namespace);
  return namespace;
}

/** Whether a module that cannot be looked into may export what changes. */
function mayDiffer({ url, reads }: ImportedModule): boolean {
  return reads.some(({ path: [name] }) =>
    name === undefined
      ? [...exportNames(url)].some((each) => changeOf(url, each) === "changed")
      : changeOf(url, name) === "changed",
  );
}

function stateOf(
  modules: readonly (readonly [ImportedModule, Namespace | undefined])[],
  refusals: Refusals,
): ImportedState {
  const state: ModuleState[] = [];
  const checks: (() => void)[] = [];
  for (const [imported, namespace] of modules) {
    if (namespace === undefined || !holdsValues(namespace)) continue;
    const { url } = imported;
    const reads: StateRead[] = [];
    for (const { path, binding } of imported.reads.flatMap((read) =>
      looked(read, url, namespace),
    )) {
      const value = valueAt(namespace, path);
      const print = printOf(value);
      const refused = changed(path, binding, imported, refusals);
      const { message: refusal, functionName: name, freeVariables } = refused;
      reads.push({ path, print, isUnset: isUnset(value), refusal, name });
      // It is kept as long as the function, so it holds nothing of the module's tree.
      checks.push(() => {
        if (printOf(valueAt(namespace, path)) === print) return;
        throw new NotShippableError(refusal, { functionName: name, freeVariables });
      });
    }
    state.push({ url, reads });
  }
  const check = (): void => {
    for (const each of checks) each();
  };
  return { state, check: checks.length === 0 ? undefined : check };
}

function changed(
  path: readonly string[],
  binding: Binding,
  { specifier }: ImportedModule,
  refusals: Refusals,
): NotShippableError {
  const { name, node, kind } = binding;
  const isNamespace = node.type === "ImportNamespaceSpecifier";
  const words = [name, ...path.slice(isNamespace ? 0 : 1)].join(".");
  const module = kind === "import" ? `"${specifier}"` : "its module";
  return refusals.because(
    `it uses "${words}" (${refusals.place(node.start)}), which has changed since ${module} was ` +
      `evaluated: a worker evaluates ${module} for itself, and has another value. ` +
      `Pass it as an argument: submit(fn, ${words})`,
    binding,
  );
}

/** Which paths are compared of what is read: those to what may change. */
function looked(read: ImportRead, url: string, namespace: Namespace): readonly ImportRead[] {
  const [first] = read.path;
  if (first === undefined) {
    return [...exportNames(url)].flatMap((name) =>
      looked({ ...read, path: [name] }, url, namespace),
    );
  }
  const isCommonJs = !isModule(namespace);
  if (isCommonJs && first !== "default") return []; // an import of a name takes a copy
  const path = read.path.slice(0, first === "default" ? 3 : 2);
  const value = valueAt(namespace, path);
  const print = printOf(value);
  if (print === "function" || print === "object" || print === "symbol") return [];
  const change = changeOf(url, isCommonJs ? (path[1] ?? "") : first);
  const isPrimitive = typeof value !== "object" || value === null;
  const isCompared =
    change === "changed" || (change === "written" && path.length > 1 && isPrimitive);
  return isCompared ? [{ ...read, path }] : [];
}

function isModule(namespace: Namespace): boolean {
  return Object.prototype.toString.call(namespace) === "[object Module]";
}

/** Whether a module exports anything but functions and classes. */
function holdsValues(namespace: Namespace): boolean {
  return Object.keys(namespace).some((name) => typeof valueAt(namespace, [name]) !== "function");
}

/** What a module begins with that is set up later: by an initializer of a pool, for example. */
function isUnset(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (value instanceof Map || value instanceof Set) return value.size === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}
