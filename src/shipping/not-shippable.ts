/** Says why a function cannot be shipped, and what to do about it. */
import { server } from "#platform";
import { NotShippableError } from "../errors.ts";
import { WORKER_GLOBALS } from "../platform/known-globals.ts";
import { NOWHERE } from "./syntax/reasons.ts";
import { type ModuleText, moduleText, sourceText } from "./syntax/module-text.ts";
import type { SourceProof } from "./source.ts";

const NATIVE = "it is native or bound, and no module exports it. Wrap it in a function of your own";
const CLASS = `${NOWHERE}. Ship a function that makes an instance`;
const UNREADABLE =
  "its text is not that of a function alone, as the text of a method with a computed name. " +
  "Wrap it in a function of your own";

/** The error for a function that no module exports and that needs something from outside itself. */
export function notShippable(
  fn: Function,
  proof: SourceProof,
  callers: readonly string[],
): NotShippableError {
  const what = proof.unusable === "class" ? "class" : "function";
  const subject = `Cannot ship the ${what} ${described(fn, callers)}`;
  const functionName = fn.name;
  switch (proof.unusable) {
    case "native":
      return new NotShippableError(`${subject}: ${NATIVE}`, { functionName });
    case "class":
      return new NotShippableError(`${subject}: ${CLASS}`, { functionName });
    case "unreadable":
      return new NotShippableError(`${subject}: ${UNREADABLE}`, { functionName });
    default:
  }
  const freeVariables = labelled(fn, proof, callers);
  if (proof.assigned.size > 0) {
    return new NotShippableError(
      `${subject}: it assigns to ${listed([...proof.assigned])}. ` +
        "Changes made in the worker stay in the worker: return the new value instead",
      { functionName, freeVariables },
    );
  }
  const used = [...freeVariables, ...proof.syntax];
  const doNotExist = used.length === 1 ? "which does not exist" : "which do not exist";
  return new NotShippableError(
    `${subject}: it uses ${listed(used)}, ${doNotExist} in the worker. ${fixes(fn, proof)}`,
    { functionName, freeVariables },
  );
}

/** The error for a function whose module a worker could not import, because it awaits its workers. */
export function entryAwaits(fn: Function, proof: SourceProof, url: string): NotShippableError {
  const freeVariables = labelled(fn, proof, [url]);
  const used = listed([...freeVariables, ...proof.syntax]);
  return new NotShippableError(
    `Cannot ship the function ${described(fn, [url])}: it uses ${used}, and its module awaits at ` +
      `its top level, so no worker can import it. Move "${fn.name}" to its own file, ` +
      "or wrap it in task(import.meta.url, fn)",
    { functionName: fn.name, freeVariables },
  );
}

/** The error for a function of a module that imports the main module, which awaits its workers. */
export function importsWhatAwaits(fn: Function, url: string, entry: string): NotShippableError {
  const [module, main] = [url, entry].map((each) => decodeURIComponent(each.replace(/^.*\//, "")));
  return new NotShippableError(
    `Cannot ship the function ${described(fn, [url])}: its module ${module} (${module}:1:1) imports the main ` +
      `module ${main}, which awaits at its top level, so no worker can import it. Move what ` +
      `${module} uses of ${main} to a module of its own`,
    { functionName: fn.name },
  );
}

/** The error for a function that is written deeper than the stack lets it be read. */
export function nestsTooDeep(fn: Function, callers: readonly string[]): NotShippableError {
  return new NotShippableError(
    `Cannot ship the function ${described(fn, callers)}: it, or what it uses, nests deeper than ` +
      "the stack holds. Export it from a module of its own",
    { functionName: fn.name },
  );
}

function fixes(fn: Function, { variables, syntax }: SourceProof): string {
  if (sourceText(server.entryUrl() ?? "") === "") {
    return (
      "A single executable has to have the text of its program: add it to the configuration's " +
      'assets, "assets": { "heddle:main": "main.cjs" }'
    );
  }
  const name = fn.name === "" ? "the function" : `"${fn.name}"`;
  const others =
    `export ${name} from a module that is imported by its path in quotes; ` +
    "or mark it: task(import.meta.url, fn)";
  if (syntax.has("this") || syntax.has("super")) {
    return "Ship a function that takes the object as an argument";
  }
  if (variables.size === 0) return `Write it without that; or ${others}`;
  return `Pass what it needs as arguments: submit(fn, ${[...variables.keys()].join(", ")}); or ${others}`;
}

/** The variables with what they are: `K (imported)`. */
function labelled(fn: Function, proof: SourceProof, callers: readonly string[]): string[] {
  const text = Function.prototype.toString.call(fn);
  const imports = new Set<string>();
  for (const url of callers) {
    for (const { names } of moduleText(url)?.imports ?? []) {
      for (const { local } of names) imports.add(local);
    }
  }
  return [...proof.variables].map(([name, position]) => {
    const rewritten = /^__vite_ssr_import_\d+__\.([\w$]+)/.exec(text.slice(position))?.[1];
    if (rewritten !== undefined) return `${rewritten} (imported)`;
    if (imports.has(name)) return `${name} (imported)`;
    if (WORKER_GLOBALS.has(name)) return `${name} (a variable here, not the global)`;
    return /^__[a-z]/i.test(name) ? `${name} (compiler helper)` : name;
  });
}

/** The function's name, and the place that holds it where that can be found. */
function described(fn: Function, callers: readonly string[]): string {
  const name = fn.name === "" ? "(anonymous)" : `"${fn.name}"`;
  const text = Function.prototype.toString.call(fn);
  for (const url of callers) {
    const place = placeOf(text, moduleText(url));
    if (place !== undefined) return `${name} (${url.replace(/^.*\//, "")}:${place})`;
  }
  return name;
}

/** The line and column where the function begins. Compilers change its inside more than its first line. */
function placeOf(text: string, module: ModuleText | undefined): string | undefined {
  if (module === undefined) return undefined;
  const firstLine = text.split("\n", 1)[0] as string;
  const start = [text, firstLine].map((part) => module.source.indexOf(part)).find((at) => at >= 0);
  if (start === undefined) return undefined;
  const before = module.source.slice(0, start).split("\n");
  return `${before.length}:${(before.at(-1) as string).length + 1}`;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
