/** Python's `threading.local`. */
import { define } from "../base/define.ts";
import { checkedFunction } from "../base/functions.ts";
import { program } from "../program/program.ts";

/** The values of one thread. */
interface Bag {
  readonly ident: number;
  readonly values: object;
}

/** What is behind {@link ThreadLocal}. */
class LocalStorage {
  /** As users know the class. */
  static readonly name = "ThreadLocal";
  static {
    define(this.prototype, Symbol.for("nodejs.util.inspect.custom"), inspectLocal);
  }

  readonly #handler: LocalHandler;

  /** What the calling thread has, of what consoles inspect: the proxy, or, in Bun, its target. */
  static valuesOf(given: object): object {
    return #handler in given ? given.#handler.values() : given;
  }

  /** @param init Makes the values that a thread begins with. */
  constructor(init?: () => object) {
    if (init !== undefined) checkedFunction(init, 'ThreadLocal: "init"');
    const methods = new.target.prototype;
    const values = (): object => init?.() ?? methods.init();
    this.#handler = new LocalHandler(values, methods);
    return new Proxy<this>(this, this.#handler);
  }

  /** Makes the values that a thread begins with, once in each thread that uses the object. Override it in subclasses. */
  init(): object {
    return {};
  }
}

/** A console shows the class and the values of the calling thread. */
function inspectLocal(this: object, _depth: number, options: object, inspect: Inspect): string {
  return `${this.constructor.name} ${inspect({ ...LocalStorage.valuesOf(this) }, options)}`;
}

type Inspect = (value: object, options: object) => string;

/** Leads every access to the values of the calling thread. */
class LocalHandler implements ProxyHandler<object> {
  readonly #init: () => object;
  readonly #methods: object;
  #bag: Bag | undefined;

  constructor(init: () => object, methods: object) {
    this.#init = init;
    this.#methods = methods;
  }

  values(): object {
    const { ident } = program();
    if (this.#bag?.ident !== ident) {
      const values = Object.assign(Object.create(this.#methods) as object, this.#init());
      this.#bag = { ident, values };
    }
    return this.#bag.values;
  }

  get(_: object, key: PropertyKey): unknown {
    return Reflect.get(this.values(), key);
  }

  set(_: object, key: PropertyKey, value: unknown): boolean {
    return Reflect.set(this.values(), key, value);
  }

  has(_: object, key: PropertyKey): boolean {
    return Reflect.has(this.values(), key);
  }

  deleteProperty(_: object, key: PropertyKey): boolean {
    return Reflect.deleteProperty(this.values(), key);
  }

  defineProperty(_: object, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
    // A property that could not be changed would have to be one of the proxy's target, too.
    return Reflect.defineProperty(this.values(), key, { ...descriptor, configurable: true });
  }

  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.values());
  }

  getOwnPropertyDescriptor(_: object, key: PropertyKey): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.values(), key);
  }
}

/** What a {@link ThreadLocal} has besides its values. */
export interface LocalMethods {
  /** Makes the values that a thread begins with. Override it in subclasses. Python: `threading.local.__init__` */
  init(): object;
}

/** What a thread sees of a {@link ThreadLocal}: its own values. Python: `threading.local` */
export type ThreadLocal<T extends object = Record<string, unknown>> = T & LocalMethods;

/**
 * An object whose properties each thread has for itself.
 *
 * In a new thread it begins empty, or as `init` makes it. Export it from a module,
 * and every thread that imports the module has it. It cannot be an argument or a
 * message.
 *
 * Python: `threading.local`
 * Differs: a subclass overrides `init`, which runs once in each thread that uses
 *   the object; Python runs the constructor again.
 *
 * @example
 * ```ts
 * import { ThreadLocal } from "heddle/threading";
 *
 * const request = new ThreadLocal<{ user?: string }>();
 * request.user = "ada";
 * console.log(request.user, Object.keys(request).length); // ada 1
 * ```
 *
 * @example Values to begin with
 * ```ts
 * import { ThreadLocal } from "heddle/threading";
 *
 * const counter = new ThreadLocal(() => ({ count: 0 }));
 * counter.count += 1;
 * console.log(counter.count); // 1
 * ```
 */
export const ThreadLocal: {
  new <T extends object = Record<string, unknown>>(init?: () => T): ThreadLocal<T>;
  readonly prototype: LocalMethods;
} = LocalStorage as never;
