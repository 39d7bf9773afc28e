/**
 * Finds the place of a function, and cuts out of its module what it needs.
 *
 * The entry, and a module that no other imports, such as a file of tests, is not evaluated in
 * workers: what a function uses of it is evaluated there anew. Any other module may be imported
 * in a worker for other reasons as well, and its state must not be there twice.
 */
import { server } from "#platform";
import { isClassText } from "../base/functions.ts";
import { EXPORT } from "../base/slice-urls.ts";
import { NotShippableError } from "../errors.ts";
import { namesOwnFile } from "../base/own-files.ts";
import type { Written } from "./callers/call-evidence.ts";
import type { CallPlace } from "./callers/call-places.ts";
import { frameFiles } from "./callers/caller.ts";
import { identify } from "./same-text.ts";
import { exportNamed } from "./export-name.ts";
import { fileUrl } from "./callers/file-url.ts";
import { importIfEvaluated } from "./export-search.ts";
import type { FunctionReference, ModuleReference, SliceReference } from "./function-reference.ts";
import { importedState, type ImportedState } from "./imported-state.ts";
import { importsWhatAwaits } from "./not-shippable.ts";
import { allPlaces, isImportedBy, type Places, type Sought } from "./place.ts";
import { importsEntry, moduleText } from "./syntax/module-text.ts";
import { Refusals } from "./slices/refusal.ts";
import { type Slice, sliceOf } from "./slices/slice.ts";
import { newId, references } from "./references.ts";
import { soughtFunction } from "./source.ts";
import { hasTopLevelAwait, placeIn } from "./syntax/module-tree.ts";
import type { CodeSite } from "./syntax/scopes.ts";

interface Found {
  readonly reference: FunctionReference | Promise<FunctionReference>;
  /** The calls by which another function with this text is the same to a worker, if there are any. */
  readonly namedBy: readonly CallPlace[] | undefined;
}

/**
 * The slice, or the module, of `fn`, which the modules `callers` submit; undefined if its text is in none of them.
 *
 * @param calls The calls on the stack, innermost first.
 * @throws {NotShippableError} It uses something that cannot be taken along.
 */
export function findSlice(
  fn: Function,
  callers: readonly string[],
  fields: "refused" | "apart",
  calls: readonly CallPlace[],
  written: Written | undefined,
): Found | undefined {
  const sought = soughtFunction(fn);
  const entry = server.entryUrl();
  const from = withEntry(callers);
  const [found, other] = sought === undefined ? [] : placesNamed([...allPlaces(sought, from)], fn);
  if (sought === undefined || found === undefined) return undefined;
  if (other !== undefined) throw isAlso(fn, found, other);
  checkUnchanged(fn, found);
  const { tree } = found;
  const isImported = isImportedElsewhere(tree.url, from);
  if (isImported && entry !== undefined && importsEntry(tree.url) && hasTopLevelAwait(entry)) {
    throw importsWhatAwaits(fn, tree.url, entry);
  }
  const { sites } = found;
  const [property] = Object.keys(fn);
  // A function with properties of its own is another one than those with the same text.
  const id = property !== undefined && fields === "apart" ? newId() : "";
  const slices = sites.map((site) =>
    attempt(() => sliceOf(tree, site, fn.name, { isImported }, id)),
  );
  const slice = slices.find((each): each is Slice => "texts" in each);
  if (slice === undefined) throw slices[0] as NotShippableError;
  const isSame = (each: Slice | NotShippableError): boolean =>
    each === slice || ("texts" in each && each.meaning() === slice.meaning());
  if (!slices.every(isSame)) {
    const places = sites.map(({ node }) => placeIn(tree, node.start, true)).join(" and ");
    throw new NotShippableError(
      `Cannot ship ${described(fn)}: its text stands at ${places}, where it means different ` +
        "things. Give the functions names of their own",
      { functionName: fn.name },
    );
  }
  const { exportName } = slice;
  if (property !== undefined && exportName === EXPORT && fields === "refused" && !isClassText(fn)) {
    throw new NotShippableError(
      `Cannot ship ${described(fn)} (${placeOf(found)}): it has a ` +
        `property "${property}" (${placeOf(found)}), which the worker's would lack. ` +
        "Pass what it needs as arguments",
      { functionName: fn.name },
    );
  }
  // Its text may be another one than the function's, which a test runner has compiled.
  if (slice.url === tree.url) {
    const reference = { kind: "module", url: tree.url, exportName, sourceText: undefined } as const;
    return { reference: compared(fn, reference, placeOf(found)), namedBy: undefined };
  }
  const isWritten = written?.tree === tree && sites.some(({ node }) => node === written.node);
  const namedBy = isWritten ? calls.slice(0, written.at + 1) : namedHere(fn, sought, found, calls);
  return { reference: sliceReference(fn, id, found, slice), namedBy };
}

/** A promise where a module has to be waited for, to see what the function reads of it. */
function sliceReference(
  fn: Function,
  id: string,
  { tree, sites: [site] }: Places,
  { url: sliceUrl, exportName, own, texts, imports }: Slice,
): SliceReference | Promise<SliceReference> {
  const withState = ({ state, check }: ImportedState): SliceReference => {
    const { url } = tree;
    const { name } = fn;
    const kind = "slice";
    const reference = { kind, url, sliceUrl, exportName, name, id, own, texts, state } as const;
    if (check !== undefined) references().checks.set(reference, check);
    return reference;
  };
  const refusals = new Refusals(tree, fn.name, (site as CodeSite).node);
  const imported = importedState(imports, refusals);
  return imported instanceof Promise ? imported.then(withState) : withState(imported);
}

function isAlso(fn: Function, found: Places, other: Places): NotShippableError {
  return new NotShippableError(
    `Cannot ship ${described(fn)} (${placeOf(found)}): it has the text of ` +
      `another (${placeOf(other)}), which may mean something else. Give one of them a name of its own`,
    { functionName: fn.name },
  );
}

/** The calls that name the function, if they do; it is refused where it may be another one. */
function namedHere(
  fn: Function,
  sought: Sought,
  found: Places,
  calls: readonly CallPlace[],
): readonly CallPlace[] | undefined {
  const { namedBy, elsewhere } = identify(fn, sought, found, calls);
  if (elsewhere !== undefined) {
    throw new NotShippableError(
      `Cannot ship ${described(fn)}: it has the text of another function ` +
        `(${placeOf(found)}), and ${elsewhere}. Import the module that has it by its path in ` +
        "quotes, or mark it: task(import.meta.url, fn)",
      { functionName: fn.name },
    );
  }
  return namedBy;
}

/** Where the first of the sites is. */
function placeOf({ tree, sites: [site] }: Places): string {
  return placeIn(tree, (site as CodeSite).node.start, true);
}

/** Whether the file has the text that was loaded. Not all engines tell that text: then by its time. */
function checkUnchanged(fn: Function, found: Places): void {
  const { url, text } = found.tree;
  if (server.hasChanged?.(url) !== true) return;
  const script = server.functionLocation?.(fn)?.script();
  if (script !== undefined && fileUrl(script.url) === url && script.text === text) return;
  const place = placeOf(found);
  throw new NotShippableError(
    `Cannot ship ${described(fn)} (${place}): its module has changed since the ` +
      `program started (${place}), so that a worker would get other code. Start the program again`,
    { functionName: fn.name },
  );
}

/**
 * Compares the function with the export that has its text, where the module can be looked into:
 * another module, which nothing leads to, may have the same text.
 */
function compared(
  fn: Function,
  reference: ModuleReference,
  place: string,
): ModuleReference | Promise<ModuleReference> {
  const { url, exportName } = reference;
  const compare = (namespace: Record<string, unknown> | undefined): ModuleReference => {
    const present = namespace && exportNamed(namespace, exportName);
    if (typeof present !== "function" || present === fn) return reference;
    throw new NotShippableError(
      `Cannot ship ${described(fn)}: it has the text of "${exportName}" (${place}), ` +
        "and is another function. Import the module that exports it by its path in quotes, " +
        "or mark it: task(import.meta.url, fn)",
      { functionName: fn.name },
    );
  };
  // The loader of a test runner has a copy of the module, with functions of its own.
  if (!areOfRuntimesLoader()) return reference;
  // What is imported with a query cannot be required.
  if (/[?#]/.test(url)) return importIfEvaluated(url).then(compare);
  let namespace: Record<string, unknown>;
  try {
    namespace = server.requireModule(url, url);
  } catch {
    return reference; // it awaits at its top level, or is being evaluated
  }
  return compare(namespace);
}

/**
 * Whether the runtime itself has loaded the modules on the stack: where it calls ES modules by
 * their URLs, one that has a path was loaded by other means, as a test runner has them.
 */
function areOfRuntimesLoader(): boolean {
  if (server.loadedModules !== undefined) return true; // its names are paths
  return frameFiles().every((name) => {
    const url = /^(?:\/|[a-z]:[\\/])/i.test(name) ? fileUrl(name) : undefined;
    return url === undefined || namesOwnFile(url) || moduleText(url)?.isModule !== true;
  });
}

/** What it gives, or why the function is refused. */
function attempt(slice: () => Slice): Slice | NotShippableError {
  try {
    return slice();
  } catch (error) {
    if (error instanceof NotShippableError) return error;
    throw error;
  }
}

/** Whether workers may import the module: because it is a package's, or another imports it. */
export function isImportedElsewhere(url: string, modules: readonly string[]): boolean {
  if (url === server.entryUrl()) return false;
  return url.includes("/node_modules/") || isImportedBy(withEntry(modules), url);
}

/** The entry may not be on the stack: it is evaluated after what it imports. */
function withEntry(modules: readonly string[]): readonly string[] {
  const entry = server.entryUrl();
  return entry === undefined || modules.includes(entry) ? modules : [...modules, entry];
}

/** Those of the places where a function gets this one's name, if there are any. */
function placesNamed(places: readonly Places[], { name }: Function): readonly Places[] {
  const named = places
    .map(({ tree, sites }) => ({ tree, sites: sites.filter((site) => site.name === name) }))
    .filter(({ sites }) => sites.length > 0);
  return named.length > 0 ? named : places;
}

function described(fn: Function): string {
  const what = isClassText(fn) ? "class" : "function";
  return `the ${what} ${fn.name === "" ? "(anonymous)" : `"${fn.name}"`}`;
}
