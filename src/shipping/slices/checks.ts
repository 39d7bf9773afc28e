/**
 * Whether what a function reaches is in a worker what it is here: each check refuses the function
 * for one reason why it would not be.
 */
import { server } from "#platform";
import { isWithin } from "../syntax/free-variables.ts";
import { importsEntry, isLocal, resolvedFrom } from "../syntax/module-text.ts";
import { isFunction, type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import type { Changes } from "./changes.ts";
import type { Layout } from "./layout.ts";
import { isHeddle, type Piece, specifierOf } from "./pieces.ts";
import type { Refusals } from "./refusal.ts";
import { sharedObjectIn } from "./shared-objects.ts";

/** Whose variables exist once only in each agent: a module that is imported there for other reasons. */
export interface Home {
  readonly isImported: boolean;
}

export class Checks {
  readonly #layout: Layout;
  readonly #home: Home;
  readonly #refusals: Refusals;
  readonly #shipped: SyntaxNode | undefined;

  /** @param shipped The function that is shipped. */
  constructor(layout: Layout, home: Home, refusals: Refusals, shipped: SyntaxNode | undefined) {
    this.#layout = layout;
    this.#home = home;
    this.#refusals = refusals;
    this.#shipped = shipped;
  }

  /** What statements of the entry do to an import is not done in a worker. */
  import(binding: Binding): void {
    const [piece] = this.#layout.pieces.of.get(binding) ?? [];
    if (piece === undefined || this.#home.isImported || isNeutral(specifierOf(piece))) return;
    const { url, scopes } = this.#layout.tree;
    const specifier = specifierOf(piece) ?? "";
    const imported = isLocal(specifier) ? resolvedFrom(url, specifier) : undefined;
    const waits = scopes.awaits.some(({ inside }) => inside === undefined);
    if (waits && imported !== undefined && importsEntry(imported)) {
      throw this.#refusals.because(
        `it uses "${binding.name}" of "${specifier}" (${this.#refusals.place(piece.start)}), which imports ` +
          "this module again; that awaits at its top level, so no worker can import it. " +
          `Move what "${specifier}" uses of it to a module of its own`,
        binding,
      );
    }
    const start = this.#settingUp(binding) ?? this.#changing(binding)?.[0].start;
    if (start === undefined) return;
    const place = this.#refusals.place(start);
    throw this.#refusals.because(
      `it uses "${binding.name}" (${this.#refusals.place(binding.node.start)}), ` +
        `an import that the statement at ${place} sets up; that statement does ` +
        "not run in the worker. Move it into a module of its own, and import that for its effect: " +
        'import "./setup.js"',
      binding,
    );
  }

  /** Whether the variable has in a worker the value that it has here. */
  variable(binding: Binding, piece: Piece): void {
    if (this.#home.isImported) return this.#copy(binding, piece);
    const place = (node: SyntaxNode): string => this.#refusals.place(node.start);
    const advice =
      `Pass it as an argument: submit(fn, ${binding.name}); or move "${binding.name}" and what ` +
      "changes it into a module of its own, which every worker evaluates for itself";
    if (this.#awaitsHeddle(piece)) {
      throw this.#refusals.because(
        `it reaches "${binding.name}" (${place(binding.node)}), which awaits what heddle does: ` +
          "every worker would do that work again. " +
          `Pass it as an argument: submit(fn, ${binding.name})`,
        binding,
      );
    }
    const made = sharedObjectIn(piece, this.#layout);
    if (made !== undefined) {
      throw this.#refusals.because(
        `it reaches "${binding.name}" (${place(binding.node)}), ${made}. ` +
          `Pass it as an argument: submit(fn, ${binding.name})`,
        binding,
      );
    }
    this.#order(binding, piece);
    if (isNeutral(specifierOf(piece))) return;
    const changing = this.#changing(binding);
    if (changing !== undefined) {
      const [statement, { assigned, obstacle }] = changing;
      const verb = assigned.has(binding) ? "assigns" : "changes";
      throw this.#refusals.because(
        `it reaches "${binding.name}" (${place(binding.node)}), which the statement at ` +
          `${place(statement.node)} ${verb}; that does not run in the worker, because ${obstacle}. ${advice}`,
        binding,
      );
    }
  }

  /**
   * A worker evaluates a variable with all that changes it. So nothing of that may come after the
   * function may have been shipped: a call here would find the variable as it was then.
   */
  #order(binding: Binding, piece: Piece): void {
    const shipped = this.#shipped;
    if (shipped === undefined) return;
    const place = (node: SyntaxNode): string => this.#refusals.place(node.start);
    for (const [shipping, { given, waits }] of this.#layout.changes) {
      if (!given.has(shipped)) continue;
      if (
        waits &&
        shipping.end <= piece.start &&
        piece.kind === "declaration" &&
        isLexical(binding)
      ) {
        throw this.#refusals.because(
          `it reaches "${binding.name}" (${place(binding.node)}), which has no value yet where ` +
            `${place(shipping.node)} ships the function. Declare "${binding.name}" before that`,
          binding,
        );
      }
      for (const [other, { of, obstacle }] of this.#layout.changes) {
        if (obstacle !== undefined || !of.has(binding) || other.start < shipping.end) continue;
        throw this.#refusals.because(
          `it reaches "${binding.name}" (${place(binding.node)}), which the statement at ` +
            `${place(other.node)} changes after ${place(shipping.node)} may have shipped the ` +
            `function. Pass it as an argument: submit(fn, ${binding.name})`,
          binding,
        );
      }
    }
  }

  /** A module that the worker imports has its state once: only what has none may be there twice. */
  #copy(binding: Binding, { node }: Piece): void {
    const value = node.type === "VariableDeclarator" ? withoutTypes(node.init) : node;
    const isChanged = binding.references.some(({ isWrite }) => isWrite);
    if (!isChanged && value && (isFunction(value) || isLiteral(value))) return;
    throw this.#refusals.because(
      `it reaches "${binding.name}" (${this.#refusals.place(binding.node.start)}), which its module ` +
        "does not export, so that the worker would have it twice. " +
        `Export "${binding.name}", or export the function`,
      binding,
    );
  }

  /** Where a call sets up the import, besides those that the function makes itself. */
  #settingUp(binding: Binding): number | undefined {
    for (const { setUps } of this.#layout.changes.values()) {
      const isElsewhere = (call: SyntaxNode): boolean =>
        this.#shipped === undefined || !isWithin(call, this.#shipped);
      const call = setUps.get(binding)?.find(isElsewhere);
      if (call !== undefined) return call.start;
    }
    return undefined;
  }

  /** What changes the variable and cannot run in a worker. */
  #changing(binding: Binding): readonly [Piece, Changes] | undefined {
    for (const entry of this.#layout.changes) {
      if (entry[1].obstacle !== undefined && entry[1].of.has(binding)) return entry;
      // What does nothing but set up an import has nowhere to run.
      if (binding.kind === "import" && entry[1].of.has(binding)) return entry;
    }
    return undefined;
  }

  /** Whether the piece waits for something that is, or is made by, heddle's. */
  #awaitsHeddle(piece: Piece): boolean {
    const { awaits } = this.#layout.tree.scopes;
    if (!awaits.some(({ node, inside }) => inside === undefined && isWithin(node, piece)))
      return false;
    const seen = new Set<Piece>();
    const pending = [piece];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      // `heddle` itself has nothing that works elsewhere.
      if (specifierOf(next)?.startsWith("heddle/") === true) return true;
      for (const { binding } of next.references) {
        pending.push(...((binding && this.#layout.pieces.of.get(binding)) ?? []));
      }
    }
    return false;
  }
}

/** Whether a variable has no value before its declaration, not even undefined. */
function isLexical({ kind }: Binding): boolean {
  return /^(?:const|let|class|enum)$/.test(kind);
}

/** Whether an expression is written as the value that it has. */
export function isLiteral(node: SyntaxNode): boolean {
  switch (node.type) {
    case "Literal":
      return !("regex" in node && node.regex); // which has a state
    case "TemplateLiteral":
      return node.expressions.length === 0;
    case "UnaryExpression":
      return node.argument.type === "Literal";
    default:
      return false;
  }
}

/** Whether to call a method of the module at the top level says nothing about what others find in it. */
function isNeutral(specifier: string | undefined): boolean {
  if (specifier === undefined) return false;
  return isHeddle(specifier) || server.isBuiltinModule(specifier);
}
