/** Which variables code reads when it runs, and why a worker could not run it. */
import type { SyntaxNode } from "../syntax/parser.ts";
import type { Binding, Reference } from "../syntax/scopes.ts";
import { isPure } from "./forms.ts";
import { isFromElsewhere } from "./pieces.ts";

/** What is known of the module's variables: see values.ts. */
interface Known {
  referenceAt(node: SyntaxNode): Reference | undefined;
}

/** So many calls in each other are read: less than stacks hold. */
const MOST_DEEP = 800;

export class Uses {
  readonly read: Set<Binding> = new Set();
  /** Those that it reads where errors are caught. */
  readonly tried: Set<Binding> = new Set();
  /** Why a worker cannot run it. */
  obstacle: string | undefined;
  readonly #values: Known;
  /** How many places around what is read keep its errors from ending the program. */
  #tries = 0;
  #depth = 0;

  constructor(values: Known, obstacle: string | undefined) {
    this.#values = values;
    this.obstacle = obstacle;
  }

  /**
   * @param isCaught Whether what stands around the code catches its errors.
   * @param read Reads the code.
   * @throws {RangeError} It nests too deep: as if the stack did not hold it.
   */
  within(isCaught: boolean, read: () => void): void {
    if (this.#depth >= MOST_DEEP) throw new RangeError();
    this.#depth += 1;
    this.#tries += Number(isCaught);
    read();
    this.#tries -= Number(isCaught);
    this.#depth -= 1;
  }

  note(node: SyntaxNode): void {
    const reference = this.#values.referenceAt(node);
    if (reference?.binding) {
      this.read.add(reference.binding);
      if (this.#tries > 0) this.tried.add(reference.binding);
    }
    if (reference === undefined || this.obstacle !== undefined) return;
    const { binding, name } = reference;
    if (binding === undefined ? !isPure(name) : isFromElsewhere(binding)) {
      this.obstacle = `it uses ${name}`;
    }
  }
}
