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
  /** Whether a reset has used the token. */
  isUsed: boolean;
}

/** The property by which a token gives its origin, also to another copy of heddle. */
const ORIGIN: unique symbol = /* @__PURE__ */ Symbol.for("heddle.token@1") as never;

/** Makes a token. Not public. */
export let makeToken: <T>(origin: Origin) => Token<T>;

/** What a token remembers, of whichever copy of heddle; undefined for any other value. Not public. */
export function originOf(token: unknown): Origin | undefined {
  if (typeof token !== "object" || token === null) return undefined;
  return (token as { readonly [ORIGIN]?: Origin })[ORIGIN];
}

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

  static {
    showAsText(this.prototype);
    addDispose(this.prototype, (token) => token.var.reset(token));
    Object.defineProperty(this.prototype, ORIGIN, {
      get(this: Token<unknown>): Origin {
        return this.#origin;
      },
    });
    makeToken = (origin) => new Token(origin);
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
    return `<Token${this.#origin.isUsed ? " used" : ""} var=${String(this.var)}>`;
  }

  get [Symbol.toStringTag](): string {
    return "Token";
  }
}
