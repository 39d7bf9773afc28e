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
 *   any     it is called in a context that another rule chooses
 */
export type Variables = "copy" | "shared" | "any";

/** Says that the function was called; throws nothing. */
export type Note = () => void;

/** Hands `note` over, in a function, and waits until that was called. */
export type Register = (note: Note) => Promise<unknown>;

/** Runs a request's code, in what the code itself needs: a run of asyncio. */
export type Within = (body: () => Promise<void>) => Promise<void>;

export const plainly: Within = (body) => body();

/** One request among others: what it keeps, and what its function saw. */
class Request {
  readonly #id: string;
  readonly #seen: string[] = [];

  constructor(id: string) {
    this.#id = id;
  }

  readonly #note = (): void => {
    this.#seen.push(`${store.getStore()} ${variable.get("unset")}`);
    variable.set("changed by the function");
  };

  /** Runs it to its end, with a context of its own. */
  run(register: Register, variables: Variables, within: Within): Promise<void> {
    const body = async (): Promise<void> => {
      variable.set(this.#id);
      await register(this.#note);
      this.#check(variables);
    };
    return new Context().run(() => store.run(this.#id, () => within(body)));
  }

  #check(variables: Variables): void {
    assert.ok(this.#seen.length > 0, "the function was not called");
    const first = this.#seen[0] as string;
    assert.equal(first.split(" ")[0], this.#id, "AsyncLocalStorage in the function");
    for (const seen of this.#seen) assert.equal(seen.split(" ")[0], this.#id);
    assert.equal(store.getStore(), this.#id, "AsyncLocalStorage afterwards");
    if (variables === "any") return;
    assert.equal(first, `${this.#id} ${this.#id}`, "variables in the function");
    const after = variables === "copy" ? this.#id : "changed by the function";
    assert.equal(variable.get(), after, "variables afterwards");
  }
}

/** Several requests at once: each function must see what its own request has. */
export async function seesItsOwn(
  register: Register,
  variables: Variables,
  within: Within,
): Promise<void> {
  const ids = ["ada", "bob", "cy"];
  await Promise.all(ids.map((id) => new Request(id).run(register, variables, within)));
}
