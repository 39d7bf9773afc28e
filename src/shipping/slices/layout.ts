/** What the slices of one module are made from, worked out once. */
import type { ModuleTree } from "../syntax/module-tree.ts";
import { type Changes, pieceEffectsOf } from "./changes.ts";
import { type Group, groupsOf } from "./groups.ts";
import { type Piece, type Pieces, piecesOf } from "./pieces.ts";

export interface Layout {
  readonly tree: ModuleTree;
  readonly pieces: Pieces;
  readonly changes: ReadonlyMap<Piece, Changes>;
  readonly groups: ReadonlyMap<Piece, Group>;
  /** The texts of groups that have been written, by their URLs. */
  readonly texts: Map<string, string>;
}

const layouts = new WeakMap<ModuleTree, Layout>();

export function layoutOf(tree: ModuleTree): Layout {
  let layout = layouts.get(tree);
  if (layout === undefined) {
    const pieces = piecesOf(tree);
    const { changes, reads } = pieceEffectsOf(tree, pieces);
    const groups = groupsOf(pieces, changes, reads);
    layout = { tree, pieces, changes, groups, texts: new Map() };
    layouts.set(tree, layout);
  }
  return layout;
}
