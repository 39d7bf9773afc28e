/** What a function that heddle keeps sees of the context of the code that handed it over. */
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { Context, ContextVar } from "heddle/contextvars";

const store = new AsyncLocalStorage<string>();
const variable = new ContextVar<string>("request");

/**
 * What becomes of context variables in the function.
 *
 *   copy    it runs in a copy, made where it was handed over
 *   shared  it goes on with the code that handed it over, as after an await
 *   any     another rule chooses them
 */
export type Variables = "copy" | "shared" | "any";

/** To be called by the function: notes what it sees. */
export type Note = () => void;

/** Runs a function with what the request has in `AsyncLocalStorage`. */
export type Here = <T>(fn: () => T) => T;

/** Hands a function over, and waits until it was called. */
export type Register = (note: Note, here: Here) => Promise<unknown>;

/** Runs a request's code in what it needs: a run of asyncio. */
export type Within = (body: () => Promise<void>) => Promise<void>;

/** A place where functions are handed over. */
export interface Place {
  readonly variables: Variables;
  readonly register: Register;
  readonly within?: Within;
  /** Only what `here` runs is part of the request: the code around it is another's. */
  readonly isAround?: boolean;
  /** The function is kept where there is one for all: requests take turns. */
  readonly isShared?: boolean;
}

const ELSEWHERE = "elsewhere";

/** One request among others: what it keeps, and what its function saw. */
class Request {
  readonly #id: string;
  readonly #place: Place;
  readonly #seen: string[] = [];

  constructor(id: string, place: Place) {
    this.#id = id;
    this.#place = place;
  }

  readonly #note = (): void => {
    this.#seen.push(`${store.getStore()} ${variable.get("unset")}`);
    variable.set("changed by the function");
  };

  /** Runs it to its end, with a context of its own. */
  run(): Promise<void> {
    const { register, within = (body) => body(), isAround = false } = this.#place;
    const around = isAround ? ELSEWHERE : this.#id;
    const here: Here = (fn) => store.run(this.#id, fn);
    const body = async (): Promise<void> => {
      variable.set(this.#id);
      await register(this.#note, here);
      assert.equal(store.getStore(), around, "AsyncLocalStorage afterwards");
      this.#check();
    };
    return new Context().run(() => store.run(around, () => within(body)));
  }

  #check(): void {
    const { variables } = this.#place;
    assert.ok(this.#seen.length > 0, "the function was not called");
    for (const seen of this.#seen)
      assert.equal(seen.split(" ")[0], this.#id, "AsyncLocalStorage in the function");
    if (variables === "any") return;
    assert.equal(this.#seen[0], `${this.#id} ${this.#id}`, "variables in the function");
    const after = variables === "copy" ? this.#id : "changed by the function";
    assert.equal(variable.get(), after, "variables afterwards");
  }
}

/** Several requests at once: each function must see what its own request has. */
export async function seesItsOwn(place: Place): Promise<void> {
  const requests = ["ada", "bob", "cy"].map((id) => new Request(id, place));
  if (place.isShared === true) for (const request of requests) await request.run();
  else await Promise.all(requests.map((request) => request.run()));
}

/** A function that runs in a copy of the context variables. */
export function callback(register: Register): Place {
  return { variables: "copy", register };
}

/** A function that goes on with the code that waits for it. */
export function continuation(register: Register): Place {
  return { variables: "shared", register };
}

/** A function whose context variables another rule chooses. */
export function called(register: Register): Place {
  return { variables: "any", register };
}

/** A function that is kept where there is one for all, and called from elsewhere. */
export function kept(register: Register, variables: Variables = "copy"): Place {
  return { variables, register, isShared: true };
}

/** Runs a function as another request would. */
export function asAnother<T>(fn: () => T): T {
  return new Context().run(() => store.run(ELSEWHERE, fn));
}

export type Places = Readonly<Record<string, Place>>;

/** The same places, in a run of asyncio. */
export function inRuns(places: Places, within: Within): Places {
  const entries = Object.entries(places);
  return Object.fromEntries(entries.map(([name, place]) => [name, { ...place, within }]));
}
