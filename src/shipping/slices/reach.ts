/**
 * What a function reaches of its module: the variables of the module that it uses, the groups of
 * pieces that declare them, and what these use in turn. And what it takes along of the
 * functions around it: other functions that capture nothing more, and constants that are
 * written as literals.
 */
import { isWorkerGlobal } from "../../platform/known-globals.ts";
import { isTied, isWithin } from "../syntax/free-variables.ts";
import { isFunction, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import {
  type Binding,
  type FunctionSite,
  type PlaceSyntax,
  type Reference,
  referencesIn,
} from "../syntax/scopes.ts";
import { Checks, type Home, isLiteral } from "./checks.ts";
import { holds } from "./forms.ts";
import type { Group } from "./groups.ts";
import type { Layout } from "./layout.ts";
import { isExports, type Piece } from "./pieces.ts";
import type { Refusals } from "./refusal.ts";
import { givenHere } from "./thread-globals.ts";

/** A local of an enclosing function that is copied. */
export interface Lifted {
  /** What is copied: a function declaration, or a declarator. */
  readonly node: SyntaxNode;
  readonly keyword: string;
}

/** What one function needs. */
export interface Reached {
  /** The variables of the module that the function itself uses. */
  readonly names: ReadonlySet<Binding>;
  /** All groups that have to be there. */
  readonly groups: ReadonlySet<Group>;
  readonly lifted: ReadonlyMap<Binding, Lifted>;
  /** The variable that holds the function and by which it calls itself, where that is a local one. */
  readonly self: Binding | undefined;
}

export class Reach implements Reached {
  readonly names: Set<Binding> = new Set();
  readonly groups: Set<Group> = new Set();
  readonly lifted: Map<Binding, Lifted> = new Map();
  self: Binding | undefined;
  readonly #layout: Layout;
  readonly #home: Home;
  readonly #refusals: Refusals;
  readonly #checks: Checks;
  /** Pieces that are still to be followed: functions may call each other deeper than the stack. */
  readonly #pending: Piece[] = [];
  #isFollowing = false;

  constructor(layout: Layout, home: Home, refusals: Refusals, shipped?: SyntaxNode) {
    this.#layout = layout;
    this.#home = home;
    this.#refusals = refusals;
    this.#checks = new Checks(layout, home, refusals, shipped);
  }

  /** Follows a function, or class, that is not a variable of the module. */
  function(node: SyntaxNode): void {
    const pending: SyntaxNode[] = [node];
    for (let fn = pending.pop(); fn !== undefined; fn = pending.pop()) {
      this.#syntax(fn, node);
      for (const reference of referencesIn(this.#layout.tree.scopes, fn)) {
        const lifted = this.#follow(reference, fn, node);
        if (lifted !== undefined && isFunction(lifted)) pending.push(lifted);
      }
    }
  }

  /** Checks what means something else in strict code, as a function of sloppy code is in a worker. */
  sloppy(fn: SyntaxNode): void {
    const { places } = this.#layout.tree.scopes;
    const own = places.find(({ what, holder }) => what === "this" && holder === fn);
    const writes = referencesIn(this.#layout.tree.scopes, fn).filter(({ isWrite }) => isWrite);
    const isWritten = writes.some(({ binding }) => binding?.kind === "parameter");
    const used = referencesIn(this.#layout.tree.scopes, fn).find(
      ({ name }) => name === "arguments",
    );
    const unbound = writes.find(({ binding }) => binding === undefined);
    const refuse = (what: string, { start }: SyntaxNode, advice: string): Error =>
      this.#refusals.because(
        `it ${what} (${this.#refusals.place(start)}), and a worker runs it as strict code. ${advice}`,
      );
    if (own !== undefined) {
      const what = "uses this, which is the global object in sloppy code";
      throw refuse(what, own.node, "Write globalThis; or ship a function that takes the object");
    }
    if (used !== undefined && isWritten) {
      const what = "uses arguments, which follow its parameters in sloppy code";
      throw refuse(what, used.node, 'Begin the file with "use strict"');
    }
    if (unbound === undefined) return;
    const { name, node } = unbound;
    throw refuse(`assigns to "${name}", which no line declares`, node, `Declare it: let ${name}`);
  }

  /** Follows a variable of the module. */
  variable(binding: Binding): void {
    const declaring = this.#layout.pieces.of.get(binding) ?? [];
    if (binding.kind === "import") return this.#checks.import(binding);
    if (this.#isFromModule(binding)) return;
    const [piece] = declaring;
    if (piece === undefined || piece.kind === "statement") {
      throw this.#refusals.because(
        `it reaches "${binding.name}", which a statement declares that does not run in the worker ` +
          `(${this.#refusals.place(binding.node.start)}). Declare it outside of blocks, ` +
          "or pass it as an argument",
        binding,
      );
    }
    this.#group(piece);
  }

  #group(piece: Piece): void {
    this.#pending.push(piece);
    if (this.#isFollowing) return;
    this.#isFollowing = true;
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) this.#enter(next);
    this.#isFollowing = false;
  }

  #enter(piece: Piece): void {
    const group = this.#layout.groups.get(piece);
    if (group === undefined || this.groups.has(group)) return;
    this.groups.add(group);
    for (const each of group.pieces) {
      this.#checkSyntax(each);
      for (const declared of each.bindings) this.#checks.variable(declared, each);
      for (const { binding: used, node } of each.references) {
        const { root } = this.#layout.tree.scopes;
        if (used && used.scope === root.outer) this.#checkOwnModule(used, node);
        if (used?.scope === root) this.variable(used);
        else if (used && used.scope === root.outer) this.#exports(used);
      }
    }
  }

  /** Follows what CommonJS gives a module: `exports` comes with all that fills it. */
  #exports(binding: Binding): void {
    if (this.#home.isImported || !/^(?:module|exports)$/.test(binding.name)) return;
    const { changes } = this.#layout;
    for (const [piece, { of }] of changes) if ([...of].some(isExports)) this.#group(piece);
  }

  /** Of `module` a worker has the exports alone, and the main module is another one there. */
  #checkOwnModule({ name }: Binding, { start, end }: SyntaxNode): void {
    const rest = this.#layout.tree.text.slice(end);
    const isOther =
      name === "module" ? !/^\s*\.\s*exports\b/.test(rest) : /^\s*\.\s*main\b/.test(rest);
    if (!isOther || (name !== "module" && name !== "require")) return;
    const what = name === "module" ? "module" : "require.main";
    throw this.#refusals.because(
      `it uses ${what} (${this.#refusals.place(start)}), which is another one in the worker. ` +
        "Pass what it needs as arguments",
    );
  }

  /** Whether the variable is taken from the module itself, which a worker imports. */
  #isFromModule(binding: Binding): boolean {
    return this.#home.isImported && this.#layout.pieces.exported.has(binding.name);
  }

  /** What does not show which variables it uses. */
  #checkSyntax({ node }: { readonly node: SyntaxNode }): void {
    const { text, scopes } = this.#layout.tree;
    for (const place of scopes.places) {
      const isMain =
        place.what === "import.meta" && /^\s*\.\s*main\b/.test(text.slice(place.node.end));
      if (isMain && isWithin(place.node, node)) {
        throw this.#refusals.because(
          `it uses import.meta.main (${this.#refusals.place(place.node.start)}), which is false in ` +
            "a worker. Pass it as an argument",
        );
      }
      if (!/^(?:eval\(\)|with)$/.test(place.what)) continue;
      const isAround = place.what === "with" && isWithin(node, place.node);
      if (!isAround && !isWithin(place.node, node)) continue;
      const advice =
        place.what === "with"
          ? "Write the object before each of its properties"
          : "Write (0, eval)(text), which uses globals alone, and pass the rest as arguments";
      throw this.#refusals.because(
        `it uses ${place.what} (${this.#refusals.place(place.node.start)}), which may use any ` +
          `variable. ${advice}`,
      );
    }
  }

  #syntax(fn: SyntaxNode, shipped: SyntaxNode): void {
    this.#checkSyntax({ node: fn });
    for (const place of this.#layout.tree.scopes.places) {
      if (!isWithin(place.node, fn) || place.what.startsWith("import")) continue;
      if (!isTied(place, fn as FunctionSite["node"])) continue;
      const isOwn = fn === shipped && place.holder === fn;
      const what = isOwn ? place.what : `${place.what} of ${holderOf(place)}`;
      const why = isOwn ? "which nothing gives it" : "which does not exist";
      throw this.#refusals.because(
        `it uses ${what} (${this.#refusals.place(place.node.start)}), ${why} in the worker. ` +
          "Ship a function that takes the object as an argument: submit((self) => …, object)",
      );
    }
  }

  /** @returns The node of a local that is taken along because of this reference. */
  #follow(reference: Reference, fn: SyntaxNode, shipped: SyntaxNode): SyntaxNode | undefined {
    const { binding } = reference;
    if (binding === undefined) {
      this.#checkGlobal(reference);
      return undefined;
    }
    if (binding.scope === this.#layout.tree.scopes.root) {
      if (reference.isWrite && this.#layout.pieces.of.has(binding)) {
        throw this.#assigns(binding, reference);
      }
      if (holds(binding, shipped)) this.#be(binding);
      else {
        this.#name(binding);
        this.variable(binding);
      }
      return undefined;
    }
    if (binding.scope === this.#layout.tree.scopes.root.outer) {
      this.#checkOwnModule(binding, reference.node);
      this.#name(binding);
      this.#exports(binding);
      return undefined;
    }
    if (isWithin(binding.scope.node, fn)) return undefined;
    if (holds(binding, shipped)) {
      this.#be(binding);
      return undefined;
    }
    if (this.lifted.has(binding)) return undefined;
    return this.#lift(binding, reference);
  }

  #lift(binding: Binding, reference: Reference): SyntaxNode {
    if (reference.isWrite) throw this.#assigns(binding, reference);
    if (/^#|^arguments$|^new\.target$/.test(binding.name)) {
      const [what, argument] = implicit(binding.name);
      throw this.#refusals.because(
        `it uses ${what} around it (${this.#refusals.place(reference.node.start)}), ` +
          `which does not exist in the worker. Pass what it needs as arguments: submit(fn, ${argument})`,
      );
    }
    const lifted = this.#isFilled(binding) ? undefined : liftable(binding);
    if (lifted === undefined) {
      const advice =
        binding.kind === "class"
          ? "Declare it at the top level of the module"
          : `Pass it as an argument: submit(fn, ${binding.name})`;
      throw this.#refusals.because(
        `it uses ${this.#refusals.described(binding)}, which does not exist in the worker. ${advice}`,
        binding,
      );
    }
    this.#checkName(binding);
    this.lifted.set(binding, lifted);
    return lifted.node.type === "VariableDeclarator"
      ? (withoutTypes(lifted.node.init) as SyntaxNode)
      : lifted.node;
  }

  #name(binding: Binding): void {
    this.#checkName(binding);
    this.names.add(binding);
  }

  #be(binding: Binding): void {
    this.#checkName(binding);
    this.self = binding;
  }

  /** All that the function takes along is in one scope there. */
  #checkName(binding: Binding): void {
    const taken = [...this.names, ...this.lifted.keys(), ...(this.self ? [this.self] : [])];
    const namesake = taken.find((each) => each !== binding && each.name === binding.name);
    if (namesake === undefined) return;
    const places = [namesake, binding].map(({ node }) => this.#refusals.place(node.start));
    throw this.#refusals.because(
      `it reaches two variables called "${binding.name}" (${places.join(" and ")}). ` +
        "Give one of them another name",
      binding,
    );
  }

  /** Whether a local function gets properties, which its copy would lack. */
  #isFilled({ references }: Binding): boolean {
    const { text } = this.#layout.tree;
    return references.some(({ node }) => {
      const isAssigned = /^(?:\s*\.\s*[\w$]+|\[[^\]]*\])+\s*(?:[-+*/%&|^?]*=(?![=>])|\+\+|--)/;
      const isPassed = /\b(?:Object|Reflect)\s*\.\s*(?:assign|definePropert\w+|set\w*)\(\s*$/;
      return isAssigned.test(text.slice(node.end)) || isPassed.test(text.slice(0, node.start));
    });
  }

  #assigns(binding: Binding, { node }: Reference): Error {
    return this.#refusals.because(
      `it assigns to ${this.#refusals.described(binding, node)}. ` +
        "Changes made in the worker stay in the worker: return the new value instead",
      binding,
    );
  }

  /** What the module gives to `globalThis`, no worker has. */
  #checkGiven(node: SyntaxNode): void {
    const name = givenHere(node, this.#layout.tree);
    if (name === undefined) return;
    throw this.#refusals.because(
      `it uses globalThis.${name} (${this.#refusals.place(node.start)}), which its module gives to the ` +
        `globals of this thread: a worker has its own. Pass it as an argument: submit(fn, globalThis.${name})`,
    );
  }

  #checkGlobal({ name, node, isProbe }: Reference): void {
    if (/^(?:globalThis|global|self)$/.test(name)) this.#checkGiven(node);
    if (isProbe || isWorkerGlobal(name)) return;
    throw this.#refusals.because(
      `it uses "${name}" (${this.#refusals.place(node.start)}), which is neither a variable of ` +
        `its module nor a global of every worker. Pass it as an argument: submit(fn, ${name})`,
    );
  }
}

/** Whose `this` or `super` it is. */
function holderOf({ holder }: PlaceSyntax): string {
  if (holder === undefined) return "the module";
  return isFunction(holder) ? "the function around it" : "the class around it";
}

/** What nothing in the text declares, by its kind; and what to pass in its place. */
function implicit(name: string): readonly [what: string, argument: string] {
  switch (name) {
    case "arguments":
      return ["arguments of the function", "...arguments"];
    case "new.target":
      return ["new.target of the function", "new.target.name"];
    default:
      return [`${name}, a private name of the class`, `this.${name}`];
  }
}

/** A local that means the same wherever it stands, as far as it alone shows. */
function liftable({ kind, node, references }: Binding): Lifted | undefined {
  if (references.some(({ isWrite }) => isWrite)) return undefined;
  if (kind === "function") return { node, keyword: "" };
  if (kind !== "const" || node.type !== "VariableDeclarator") return undefined;
  const value = withoutTypes(node.init);
  if (node.id.type !== "Identifier" || value === undefined) return undefined;
  return isFunction(value) || isLiteral(value) ? { node, keyword: "const " } : undefined;
}
