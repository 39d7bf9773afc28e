/**
 * The file of a socket that listens in the file system.
 *
 * The runtimes remove the file when they stop listening, whosever it is by then. So
 * they are given a name beside the wanted one, and the file is moved to its place:
 * what they remove later is no longer there, and who owns the file is ours to judge,
 * by the file's own number. The move also replaces, in one step, the file that an
 * earlier server has left.
 */
import { fs, paths } from "../builtins.ts";

/** Names that begin so are not files, but names that Linux keeps for sockets. */
const ABSTRACT = "\0";

export class SocketFile {
  readonly path: string;
  readonly #isRemoved: boolean;
  readonly #bound: string;
  #inode: number | undefined;

  constructor(path: string, isRemoved: boolean) {
    this.path = path;
    this.#isRemoved = isRemoved && !path.startsWith(ABSTRACT);
    this.#bound = path.startsWith(ABSTRACT)
      ? path
      : paths().join(paths().dirname(path), temporaryName());
  }

  /** Where to listen first. */
  pathToBind(): string {
    return this.#bound;
  }

  /**
   * Moves the file to where it is wanted.
   *
   * @throws {Error} Something that is not a socket is there already.
   */
  putInPlace(): void {
    if (this.#bound === this.path) return;
    const present = fs().lstatSync(this.path, { throwIfNoEntry: false });
    if (present !== undefined && !present.isSocket()) {
      throw Object.assign(new Error(`"${this.path}" exists and is not a socket`), {
        code: "EADDRINUSE",
      });
    }
    fs().renameSync(this.#bound, this.path);
    // Another server may take its place, or remove that, at any time.
    this.#inode = fs().lstatSync(this.path, { throwIfNoEntry: false })?.ino;
  }

  /** Removes the file if it is wanted, and still the one that was put there. */
  remove(): void {
    if (!this.#isRemoved || this.#inode === undefined) return;
    if (fs().lstatSync(this.path, { throwIfNoEntry: false })?.ino === this.#inode)
      fs().rmSync(this.path, { force: true });
    this.#inode = undefined;
  }
}

function temporaryName(): string {
  return `.${Math.trunc(Math.random() * 2 ** 40).toString(36)}`;
}
