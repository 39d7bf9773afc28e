import { addDispose } from "../base/dispose.ts";
import { RuntimeError } from "../errors.ts";
import { showAsText } from "../base/text.ts";
import type { Contents } from "./contents.ts";
// oxlint-disable-next-line import/no-cycle -- of types only: a token and its variable name each other
import type { ContextVar } from "./context-var.ts";

/** What a variable was before it was set. */
interface Origin {
  readonly variable: unknown;
  readonly oldValue: unknown;
  /** Where it was set. */
  readonly contents: Contents;
}

/** Makes a token. Not public. */
export let makeToken: <T>(origin: Origin) => Token<T>;
/** What the token remembers. Not public. */
export let originOf: (token: Token<unknown>) => Origin;
/** Whether a reset has used the token. Not public. */
export let isUsed: (token: Token<unknown>) => boolean;
/** Notes that a reset uses the token. Not public. */
export let markUsed: (token: Token<unknown>) => void;

/**
 * Remembers what a variable was before a `set`, so that it can be put back once.
 *
 * `ContextVar.set` makes tokens. Give one to {@link ContextVar.reset}, or let a
 * scope do it: with `using token = variable.set(value)` the variable is reset
 * when the block is left, also by an error.
 *
 * Python: `contextvars.Token`
 *
 * @example
 * ```ts
 * import { ContextVar, Token } from "heddle/contextvars";
 *
 * const user = new ContextVar<string>("user");
 * const token = user.set("ada");
 * console.log(token.var === user, token.oldValue === Token.MISSING); // true true
 * user.reset(token);
 * console.log(user.get("nobody")); // nobody
 * ```
 */
export class Token<T> {
  /**
   * Stands for the value of a variable that had none.
   *
   * Python: `contextvars.Token.MISSING`
   * Differs: a symbol.
   */
  static readonly MISSING: unique symbol = /* @__PURE__ */ Symbol.for("heddle.Token.MISSING");

  /**
   * Resets the variable; `using` calls this at the end of the block.
   *
   * Python: `contextvars.Token.__exit__`
   *
   * @throws {RuntimeError} The token was used before.
   * @throws {RangeError} The variable was set in another context than the current one.
   */
  declare readonly [Symbol.dispose]: () => void;

  readonly #origin: Origin;
  #isUsed = false;

  static {
    showAsText(this.prototype);
    addDispose(this.prototype, (token) => token.var.reset(token));
    makeToken = (origin) => new Token(origin);
    originOf = (token) => token.#origin;
    isUsed = (token) => token.#isUsed;
    markUsed = (token) => {
      token.#isUsed = true;
    };
  }

  /** @throws {RuntimeError} Called by a program: only {@link ContextVar.set} makes tokens. */
  private constructor(origin: Origin) {
    if (origin === undefined) {
      throw new RuntimeError("Cannot create a Token: only ContextVar.set creates tokens");
    }
    this.#origin = origin;
  }

  /** The variable that was set. Python: `contextvars.Token.var` */
  get var(): ContextVar<T> {
    return this.#origin.variable as ContextVar<T>;
  }

  /** What the variable was before, or {@link Token.MISSING}. Python: `contextvars.Token.old_value` */
  get oldValue(): T | typeof Token.MISSING {
    return this.#origin.oldValue as T | typeof Token.MISSING;
  }

  /** The variable, and whether the token was used. Python: `contextvars.Token.__repr__` */
  toString(): string {
    return `<Token${this.#isUsed ? " used" : ""} var=${String(this.var)}>`;
  }

  get [Symbol.toStringTag](): string {
    return "Token";
  }
}
