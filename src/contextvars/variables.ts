/** The variables that live in this thread, of every copy of heddle. */
import { isObject } from "../base/options.ts";
import { registered, threadRegistry } from "../base/registry.ts";

interface Variables {
  readonly all: WeakSet<object>;
  readonly byName: Map<string, Set<WeakRef<object>>>;
  /** Forgets variables that were collected. */
  readonly collected: FinalizationRegistry<{
    readonly name: string;
    readonly ref: WeakRef<object>;
  }>;
}

const VARIABLES = "contextvars@1";

function variables(): Variables {
  return threadRegistry(VARIABLES, () => {
    const byName: Variables["byName"] = new Map();
    return {
      all: new WeakSet(),
      byName,
      collected: new FinalizationRegistry(({ name, ref }) => {
        const refs = byName.get(name);
        refs?.delete(ref);
        if (refs?.size === 0) byName.delete(name);
      }),
    };
  });
}

/** Makes a new variable known. */
export function addVariable(variable: object, name: string): void {
  const { all, byName, collected } = variables();
  const ref = new WeakRef(variable);
  all.add(variable);
  const refs = byName.get(name);
  if (refs === undefined) byName.set(name, new Set([ref]));
  else refs.add(ref);
  collected.register(variable, { name, ref });
}

/** Whether the value is a ContextVar, of whichever copy of heddle. */
export function isVariable(value: unknown): value is object {
  const made = registered(VARIABLES) as Variables | undefined;
  return isObject(value) && made?.all.has(value) === true;
}

/** The variable of that name, if exactly one that lives in this thread bears it. */
export function onlyVariableNamed(name: string): object | undefined {
  const found: object[] = [];
  for (const ref of variables().byName.get(name) ?? []) {
    const variable = ref.deref();
    if (variable !== undefined) found.push(variable);
  }
  return found.length === 1 ? found[0] : undefined;
}
