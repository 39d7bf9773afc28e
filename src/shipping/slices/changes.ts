/**
 * What code at the top level of a module changes when it runs: the variables that it assigns
 * to, and the objects in variables that it fills.
 *
 * A worker evaluates the declarations that a function reaches, and not the rest of the module.
 * If the rest has changed one of these, the function would find another value in the worker. So
 * what changes a variable either runs with it, if it can run again without any other effect, or
 * the function is refused.
 */
import { isWithin } from "../syntax/free-variables.ts";
import type { ModuleTree } from "../syntax/module-tree.ts";
import { type SyntaxNode, withoutTypes } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import { declaresFunction, type Piece, type Pieces } from "./pieces.ts";
import { Run } from "./run.ts";
import { SetUps } from "./set-ups.ts";
import { Shippers } from "./shippers.ts";
import { Values } from "./values.ts";

export interface Changes {
  /** The module's variables that it changes, besides those that it declares. */
  readonly of: ReadonlySet<Binding>;
  /** Whether it assigns to the variables, or changes what is in them. */
  readonly assigned: ReadonlySet<Binding>;
  /** Why it cannot run in a worker for what it changes: `it awaits`. Undefined if it can. */
  readonly obstacle: string | undefined;
  /** The functions that it gives away, and so may ship. */
  readonly given: ReadonlySet<SyntaxNode>;
  /** The variables that it may read where an error would not end the program: before they have a value, for example. */
  readonly tried: ReadonlySet<Binding>;
  /** The imports that it sets up, with the calls that do so. */
  readonly setUps: ReadonlyMap<Binding, readonly SyntaxNode[]>;
  /** Whether the module waits for it. */
  readonly waits: boolean;
}

export interface PieceEffects {
  /** By what changes or gives something. */
  readonly changes: ReadonlyMap<Piece, Changes>;
  /** What each piece reads when it runs, for those that read anything. */
  readonly reads: ReadonlyMap<Piece, ReadonlySet<Binding>>;
}

/** Finds what each piece changes and reads. */
export function pieceEffectsOf(tree: ModuleTree, pieces: Pieces): PieceEffects {
  const reader = new Reader(tree, pieces);
  const changes = new Map<Piece, Changes>();
  const reads = new Map<Piece, ReadonlySet<Binding>>();
  for (const piece of pieces.all) {
    if (piece.kind === "import" || declaresFunction(piece)) continue;
    const [found, read] = reader.read(piece);
    const { of, given, tried, setUps } = found;
    if (of.size + given.size + tried.size + setUps.size > 0) changes.set(piece, found);
    if (read.size > 0) reads.set(piece, read);
  }
  return { changes, reads };
}

class Reader {
  readonly #tree: ModuleTree;
  readonly #pieces: Pieces;
  readonly #values: Values;
  readonly #setUps: SetUps;

  constructor(tree: ModuleTree, pieces: Pieces) {
    this.#tree = tree;
    this.#pieces = pieces;
    this.#values = new Values(tree);
    const shippers = new Shippers(this.#values, pieces, tree.text);
    this.#values.follow((call) => {
      if (call.type === "TaggedTemplateExpression") return false;
      const callee = withoutTypes(call.callee);
      return (
        callee !== undefined && (shippers.isShipping(call, callee) || shippers.isOfHeddle(callee))
      );
    });
    this.#setUps = new SetUps(tree, pieces);
  }

  read(piece: Piece): readonly [Changes, ReadonlySet<Binding>] {
    const { root, awaits } = this.#tree.scopes;
    const waits = awaits.some(({ node, inside }) => inside === undefined && isWithin(node, piece));
    const run = new Run(this.#tree, this.#pieces, this.#values, waits, this.#setUps);
    try {
      run.piece(piece);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [this.#tooDeep(piece, waits), new Set()]; // it nests deeper than the stack
    }
    // The scope around it is CommonJS's, with `exports`.
    const isOwn = ({ scope }: Binding): boolean => scope === root || scope === root.outer;
    const { changed, assigned } = run.effects;
    const of = new Set([...changed.keys()].filter(isOwn));
    for (const binding of piece.bindings) of.delete(binding);
    // Like an initialiser, an assignment may use what it likes.
    const obstacle = !waits && isAssignment(piece.node) ? undefined : run.uses.obstacle;
    const { given } = run;
    const { tried, read } = run.uses;
    const { setUps } = run.statements;
    return [{ of, assigned, obstacle, given, tried, setUps, waits }, read];
  }

  /** Anything may have been changed. */
  #tooDeep({ bindings }: Piece, waits: boolean): Changes {
    const of = new Set<Binding>();
    for (const binding of this.#tree.scopes.root.bindings)
      if (mayChange(binding) && !bindings.includes(binding)) of.add(binding);
    const obstacle = "it is too large to be followed";
    return {
      of,
      assigned: new Set(),
      obstacle,
      given: new Set(),
      tried: new Set(),
      setUps: new Map(),
      waits,
    };
  }
}

function isAssignment(node: SyntaxNode): boolean {
  return node.type === "ExpressionStatement" && node.expression.type === "AssignmentExpression";
}

/** Whether a variable may get another value, or what is in it. */
function mayChange({ kind, node }: Binding): boolean {
  if (/^(?:import|function|class)$/.test(kind)) return false;
  const value = node.type === "VariableDeclarator" ? withoutTypes(node.init) : undefined;
  return kind !== "const" || value === undefined || !/^(?:Template)?Literal$/.test(value.type);
}
