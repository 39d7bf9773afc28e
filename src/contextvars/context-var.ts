import { checkedOptions } from "../base/options.ts";
import { LookupError, RuntimeError } from "../errors.ts";
import { showAsText, typeName } from "../base/text.ts";
import { currentContents, deleteValue, setValue } from "./contents.ts";
// oxlint-disable-next-line import/no-cycle -- of types only: a token and its variable name each other
import { makeToken, originOf, Token } from "./token.ts";
import { addVariable } from "./variables.ts";

/** What `new ContextVar` takes besides the name. Python: none */
export interface ContextVarOptions<T> {
  /** What `get` returns where the variable has no value. `undefined` is a default, too. */
  readonly default?: T;
}

/**
 * A variable that has a value of its own in each {@link Context}.
 *
 * Make one at the top level of a module. Code that runs in a context, and what it
 * awaits, sees the values of that context. Never waits.
 *
 * A context belongs to one thread: another thread that imports the module has a
 * variable of its own.
 *
 * Python: `contextvars.ContextVar`
 *
 * @example
 * ```ts
 * import { ContextVar, copyContext } from "heddle/contextvars";
 *
 * const user = new ContextVar("user", { default: "nobody" });
 *
 * async function greeting(): Promise<string> {
 *   await Promise.resolve();
 *   return `Hello, ${user.get()}`;
 * }
 *
 * const greetings = ["ada", "bob"].map((name) =>
 *   copyContext().run(() => {
 *     user.set(name);
 *     return greeting();
 *   }),
 * );
 * console.log((await Promise.all(greetings)).join("; ")); // Hello, ada; Hello, bob
 * console.log(user.get()); // nobody
 * ```
 */
export class ContextVar<T> {
  readonly #name: string;
  readonly #hasDefault: boolean;
  readonly #default: T | undefined;

  static {
    showAsText(this.prototype);
  }

  /**
   *
   * Python: `contextvars.ContextVar`
   *
   * @param name What to call it, in errors and on consoles. It need not be unique.
   * @param options.default What {@link ContextVar.get} returns where the variable has no value.
   * @throws {TypeError} `name` is not a string, or there is an unknown option.
   */
  constructor(name: string, options?: ContextVarOptions<T>) {
    if (typeof name !== "string") {
      throw new TypeError(`ContextVar: name must be a string, got ${typeName(name)}`);
    }
    const own = checkedOptions(options, ["default"], "ContextVar");
    this.#name = name;
    this.#hasDefault = "default" in own;
    this.#default = own.default;
    addVariable(this, name);
  }

  /** The name it was made with. Python: `contextvars.ContextVar.name` */
  get name(): string {
    return this.#name;
  }

  /**
   * Returns the variable's value in the current context.
   *
   * Where it has none, returns `fallback` if one is given, else the variable's
   * default.
   *
   * Python: `contextvars.ContextVar.get`
   *
   * @throws {LookupError} There is no value, no fallback and no default.
   *
   * @example
   * ```ts
   * import { ContextVar } from "heddle/contextvars";
   *
   * const depth = new ContextVar<number>("depth");
   * console.log(depth.get(0)); // 0
   * depth.set(1);
   * console.log(depth.get(0)); // 1
   * ```
   */
  get(): T;
  get<D>(fallback: D): T | D;
  get(fallback?: unknown): unknown {
    const { values } = currentContents();
    const value = values.get(this);
    if (value !== undefined || values.has(this)) return value;
    // Not a rest parameter: this must tell `get(undefined)` from `get()` without an array for each read.
    if (arguments.length > 0) return fallback;
    if (this.#hasDefault) return this.#default;
    throw new LookupError(
      `Cannot get the value of ${String(this)}: it has no value in the current context and no default`,
    );
  }

  /**
   * Gives the variable a value in the current context.
   *
   * Outside any {@link Context.run} that is the thread's own context, which all
   * code there shares, asynchronous code included.
   *
   * Python: `contextvars.ContextVar.set`
   *
   * @returns A token that {@link ContextVar.reset} takes, once.
   */
  set(value: T): Token<T> {
    const contents = currentContents();
    const present = contents.values.get(this);
    const isSet = present !== undefined || contents.values.has(this);
    const oldValue = isSet ? present : Token.MISSING;
    setValue(contents, this, value);
    return makeToken({ variable: this, oldValue, contents, isUsed: false });
  }

  /**
   * Puts back what the variable was before the `set` that returned the token.
   *
   * Python: `contextvars.ContextVar.reset`
   *
   * Differs: throws RangeError where Python raises ValueError.
   *
   * @throws {TypeError} `token` is not a token.
   * @throws {RuntimeError} The token was used before.
   * @throws {RangeError} The token is another variable's, or the variable was set
   *   in another context than the current one.
   *
   * @example
   * ```ts
   * import { ContextVar } from "heddle/contextvars";
   *
   * const indent = new ContextVar("indent", { default: 0 });
   * const token = indent.set(indent.get() + 2);
   * console.log(indent.get()); // 2
   * indent.reset(token);
   * console.log(indent.get()); // 0
   * ```
   */
  reset(token: Token<T>): void {
    const origin = originOf(token);
    if (origin === undefined) {
      throw new TypeError(`ContextVar.reset: token must be a Token, got ${typeName(token)}`);
    }
    if (origin.isUsed)
      throw new RuntimeError(`Cannot reset ${String(this)}: the token has been used before`);
    const { variable, oldValue, contents } = origin;
    if (variable !== this) {
      throw new RangeError(
        `Cannot reset ${String(this)}: the token belongs to ${String(variable)}`,
      );
    }
    if (contents !== currentContents()) {
      throw new RangeError(
        `Cannot reset ${String(this)}: the token was created in a different context`,
      );
    }
    origin.isUsed = true;
    if (oldValue === Token.MISSING) deleteValue(contents, this);
    else setValue(contents, this, oldValue);
  }

  /** The name, and the default if there is one. Python: `contextvars.ContextVar.__repr__` */
  toString(): string {
    const ending = this.#hasDefault ? ` default=${inWords(this.#default)}` : "";
    return `<ContextVar name=${JSON.stringify(this.#name)}${ending}>`;
  }

  get [Symbol.toStringTag](): string {
    return "ContextVar";
  }
}

function inWords(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  const isPrimitive = value === null || !["object", "function"].includes(typeof value);
  return isPrimitive ? String(value) : typeName(value);
}
