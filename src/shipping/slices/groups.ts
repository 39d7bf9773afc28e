/**
 * Which pieces of a module become one module in a worker: those that write each other's
 * variables, since an import cannot be assigned to; what fills a variable, with it; and those
 * that depend on each other in a circle. So state that functions share is shared in a worker as
 * well, and groups import each other in one direction.
 */
import { isFunction } from "../syntax/parser.ts";
import type { Binding } from "../syntax/scopes.ts";
import type { Changes } from "./changes.ts";
import {
  declaresFunction,
  isExports,
  isHeddle,
  type Piece,
  type Pieces,
  specifierOf,
} from "./pieces.ts";

export interface Group {
  /** In the order of the text. */
  readonly pieces: readonly Piece[];
  readonly id: string;
}

type Reads = ReadonlyMap<Piece, ReadonlySet<Binding>>;

/** Assigns each piece that may run in a worker to a group. */
export function groupsOf(
  pieces: Pieces,
  changes: ReadonlyMap<Piece, Changes>,
  reads: Reads,
): ReadonlyMap<Piece, Group> {
  const members = pieces.all.filter((piece) => runsInWorker(piece, changes));
  const sets = new DisjointSets(members);
  for (const declaring of pieces.of.values()) {
    for (const piece of declaring) if (declaring[0]) sets.join(declaring[0], piece);
  }
  for (const piece of members) {
    const { of = [], obstacle } = changes.get(piece) ?? {};
    if (obstacle === undefined) joinAll(sets, piece, of, pieces);
    const written = piece.references.filter(({ isWrite }) => isWrite);
    joinAll(
      sets,
      piece,
      written.flatMap(({ binding }) => binding ?? []),
      pieces,
    );
  }
  joinLater(members, sets, pieces);
  for (const piece of members) joinTried(piece, changes.get(piece), sets, pieces);
  joinReaders(members, sets, pieces, changes, reads);
  const exporting = members.filter((piece) => fillsExports(piece, changes));
  for (const piece of exporting) sets.join(exporting[0] as Piece, piece);
  while (joinCircles(members, sets, pieces, exporting[0]));

  const bySet = new Map<Piece, { readonly pieces: Piece[]; readonly id: string }>();
  const groups = new Map<Piece, Group>();
  for (const piece of members) {
    const set = sets.find(piece);
    const group = bySet.get(set) ?? { pieces: [], id: piece.start.toString(36) };
    group.pieces.push(piece);
    bySet.set(set, group);
    groups.set(piece, group);
  }
  return groups;
}

/** What fills a CommonJS module's `exports`, or uses it before that is done, is one. */
function fillsExports(piece: Piece, changes: ReadonlyMap<Piece, Changes>): boolean {
  if ([...(changes.get(piece)?.of ?? [])].some(isExports)) return true;
  if (isFunction(piece.node)) return false; // uses it when it is called
  return piece.references.some(({ binding }) => binding && isExports(binding));
}

/** Imports are repeated by each group; statements run for what they change, or not at all. */
function runsInWorker(piece: Piece, changes: ReadonlyMap<Piece, Changes>): boolean {
  if (piece.kind === "declaration") return true;
  const change = changes.get(piece);
  if (piece.kind !== "statement" || change === undefined) return false;
  return change.of.size > 0 && change.obstacle === undefined;
}

/**
 * A `var` may be read before its declaration: it is undefined then. So what may read one that is
 * declared after it, itself or by the functions that it calls, is evaluated in the order of the text.
 */
function joinLater(members: readonly Piece[], sets: DisjointSets, pieces: Pieces): void {
  if (![...pieces.of.keys()].some(({ kind }) => kind === "var")) return;
  for (const piece of members.filter((each) => !declaresFunction(each))) {
    const read = new Set([piece]);
    for (const each of read) {
      for (const { binding } of each.references) {
        for (const other of (binding && pieces.of.get(binding)) ?? []) {
          if (declaresFunction(other)) read.add(other);
          else if (binding?.kind === "var" && other.start > piece.start) sets.join(piece, other);
        }
      }
    }
  }
}

/**
 * What reads a variable that changes later is evaluated in the order of the text, too: it reads
 * what the variable is at that place. What makes or awaits something of heddle's is refused
 * in any case, and must not make others so.
 */
function joinReaders(
  members: readonly Piece[],
  sets: DisjointSets,
  pieces: Pieces,
  changes: ReadonlyMap<Piece, Changes>,
  reads: Reads,
): void {
  const changedAt = new Map<Binding, number>();
  for (const [{ start }, { of }] of changes)
    for (const binding of of) changedAt.set(binding, start);
  if (changedAt.size === 0) return;
  for (const piece of members) {
    const read = new Set(reads.get(piece));
    for (const binding of read) {
      // What a variable holds is read with it.
      for (const other of pieces.of.get(binding) ?? []) {
        if (other.start < piece.start) for (const each of reads.get(other) ?? []) read.add(each);
      }
    }
    if ([...read].some((binding) => isOfHeddle(binding, pieces))) continue;
    const changing = [...read].filter((each) => (changedAt.get(each) ?? 0) > piece.start);
    joinAll(sets, piece, changing, pieces);
  }
}

function isOfHeddle(binding: Binding, pieces: Pieces): boolean {
  const [piece] = pieces.of.get(binding) ?? [];
  return binding.kind === "import" && isHeddle((piece && specifierOf(piece)) ?? "");
}

/** The same for any variable whose reader goes on without it: it is read where it has no value yet. */
function joinTried(
  piece: Piece,
  changes: Changes | undefined,
  sets: DisjointSets,
  pieces: Pieces,
): void {
  for (const binding of changes?.tried ?? []) {
    for (const other of pieces.of.get(binding) ?? []) {
      if (other.start > piece.start && other.node.type !== "FunctionDeclaration")
        sets.join(piece, other);
    }
  }
}

function joinAll(
  sets: DisjointSets,
  piece: Piece,
  bindings: Iterable<Binding>,
  pieces: Pieces,
): void {
  for (const binding of bindings) {
    for (const other of pieces.of.get(binding) ?? []) sets.join(piece, other);
  }
}

class DisjointSets {
  readonly #parents: Map<Piece, Piece>;

  constructor(members: readonly Piece[]) {
    this.#parents = new Map(members.map((piece) => [piece, piece]));
  }

  find(piece: Piece): Piece {
    let [set, parent] = [piece, this.#parents.get(piece) as Piece];
    while (parent !== set) {
      const next = this.#parents.get(parent) as Piece;
      this.#parents.set(set, next); // halves the way for those who come after
      [set, parent] = [parent, next];
    }
    return set;
  }

  /** Pieces that are not members, such as imports, stay apart. */
  join(a: Piece, b: Piece): void {
    if (!this.#parents.has(a) || !this.#parents.has(b)) return;
    this.#parents.set(this.find(a), this.find(b));
  }
}

/** Joins the sets that depend on each other in a circle: Tarjan's algorithm. Whether it found any. */
function joinCircles(
  members: readonly Piece[],
  sets: DisjointSets,
  pieces: Pieces,
  exporting: Piece | undefined,
): boolean {
  const next = new Map<Piece, Set<Piece>>();
  const isMember = new Set(members);
  for (const piece of members) {
    const from = sets.find(piece);
    const targets = next.get(from) ?? new Set();
    next.set(from, targets);
    for (const { binding } of piece.references) {
      if (binding && exporting && isExports(binding) && sets.find(exporting) !== from) {
        targets.add(sets.find(exporting));
      }
      for (const other of (binding && pieces.of.get(binding)) ?? []) {
        if (isMember.has(other) && sets.find(other) !== from) targets.add(sets.find(other));
      }
    }
  }
  const circles = circlesIn(next);
  for (const [first, ...others] of circles) {
    for (const other of others) sets.join(other, first as Piece);
  }
  return circles.length > 0;
}

/** What is being visited, of which some neighbours have been. */
interface Visit<T> {
  readonly node: T;
  readonly index: number;
  /** The least index that has been reached from it. */
  low: number;
  readonly neighbours: Iterator<T>;
}

/** The nodes of a graph that reach each other: Tarjan's algorithm, which here needs no stack as deep as the graph. */
function circlesIn<T>(next: ReadonlyMap<T, ReadonlySet<T>>): T[][] {
  const circles: T[][] = [];
  const indexes = new Map<T, number>();
  const path: T[] = [];
  const isOnPath = new Set<T>();
  const visits: Visit<T>[] = [];
  const begin = (node: T): void => {
    const index = indexes.size;
    indexes.set(node, index);
    path.push(node);
    isOnPath.add(node);
    visits.push({ node, index, low: index, neighbours: (next.get(node) ?? new Set()).values() });
  };
  for (const start of next.keys()) {
    if (!indexes.has(start)) begin(start);
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { value: neighbour, done = false } = visit.neighbours.next();
      if (!done) {
        if (!indexes.has(neighbour)) begin(neighbour);
        else if (isOnPath.has(neighbour))
          visit.low = Math.min(visit.low, indexes.get(neighbour) as number);
        continue;
      }
      visits.pop();
      const before = visits.at(-1);
      if (before !== undefined) before.low = Math.min(before.low, visit.low);
      if (visit.low < visit.index) continue;
      const circle = path.splice(path.lastIndexOf(visit.node));
      for (const each of circle) isOnPath.delete(each);
      if (circle.length > 1) circles.push(circle);
    }
  }
  return circles;
}
