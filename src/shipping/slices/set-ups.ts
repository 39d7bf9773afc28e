/**
 * What a call of an import sets up in the module that it comes from: variables which that keeps
 * for itself, and by which other exports then give something else. A worker evaluates that module
 * for itself, without the call.
 */
import { type ModuleTree, moduleTree } from "../syntax/module-tree.ts";
import { isLocal, resolvedFrom } from "../syntax/module-text.ts";
import { isFunction } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import { type Definition, definition } from "./changeable-exports.ts";
import { returned } from "./forms.ts";
import { importedName, type Piece, type Pieces, piecesOf, specifierOf } from "./pieces.ts";
import { Run } from "./run.ts";
import { Values } from "./values.ts";

export class SetUps {
  readonly #url: string;
  readonly #pieces: Pieces;

  constructor({ url }: ModuleTree, pieces: Pieces) {
    this.#url = url;
    this.#pieces = pieces;
  }

  /** The imports that a call of one sets up; undefined if its text does not show that it sets anything up. */
  by(callee: Binding): readonly Binding[] | undefined {
    const called = this.#definition(callee);
    if (called?.local === undefined) return undefined;
    const module = stateOf(called.tree);
    const changed = module.changedBy(called.local);
    if (changed.size === 0) return undefined;
    return this.#imports().filter((each) => {
      if (each === callee) return false; // what it counts for itself
      const found = this.#definition(each);
      return found?.tree === called.tree && found.local !== undefined
        ? module.isReadBy(found.local, changed)
        : false;
    });
  }

  #imports(): readonly Binding[] {
    return [...this.#pieces.of.keys()].filter(({ kind }) => kind === "import");
  }

  #definition(binding: Binding): Definition | undefined {
    const [piece] = this.#pieces.of.get(binding) ?? [];
    const specifier = piece && specifierOf(piece);
    if (piece === undefined || specifier === undefined || !isLocal(specifier)) return undefined;
    const [name] = importedName(binding, piece) ?? [];
    const url = name === undefined ? undefined : resolvedFrom(this.#url, specifier);
    return url && name !== undefined && moduleTree(url) ? definition(url, name) : undefined;
  }
}

const states = new WeakMap<ModuleTree, ModuleVariables>();

function stateOf(tree: ModuleTree): ModuleVariables {
  let state = states.get(tree);
  if (state === undefined) states.set(tree, (state = new ModuleVariables(tree)));
  return state;
}

/** Which variables of a module its exports change and read. */
class ModuleVariables {
  readonly #tree: ModuleTree;
  readonly #pieces: Pieces;
  readonly #values: Values;

  constructor(tree: ModuleTree) {
    this.#tree = tree;
    this.#pieces = piecesOf(tree);
    this.#values = new Values(tree);
  }

  changedBy(local: string): ReadonlySet<Binding> {
    const { root } = this.#tree.scopes;
    const binding = root.own(local);
    const run = new Run(this.#tree, this.#pieces, this.#values, false);
    for (const fn of binding ? this.#values.functionsOf(binding) : []) run.function(fn);
    const changed = [...run.effects.changed.keys()];
    return new Set(changed.filter(({ scope, kind }) => scope === root && kind !== "import"));
  }

  /** Whether what an export gives may depend on one of the variables. */
  isReadBy(local: string, variables: ReadonlySet<Binding>): boolean {
    const binding = this.#tree.scopes.root.own(local);
    if (binding === undefined || !this.#gives(binding)) return false;
    const read = new Set<Piece>(this.#pieces.of.get(binding));
    for (const { references } of read) {
      for (const { binding: used } of references) {
        if (used === undefined || used === binding) continue;
        if (variables.has(used)) return true;
        for (const piece of this.#pieces.of.get(used) ?? []) read.add(piece);
      }
    }
    return false;
  }

  /** Whether it is more than a function without a result. */
  #gives(binding: Binding): boolean {
    const functions = this.#values.functionsOf(binding);
    const [fn, ...others] = functions;
    if (fn === undefined || others.length > 0 || !isFunction(fn)) return true;
    return fn.generator || returned(fn).length > 0;
  }
}
