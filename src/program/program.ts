/**
 * The memory that all agents of one program share, and an agent's place in it.
 *
 *   agent table   a slot for each agent (memory/agent-table.ts)
 *   kinds         a bit for each kind of shared object that there has been (kinds.ts)
 *   heap          blocks for locks, queues and their like (memory/heap.ts)
 *
 * The thread in which the program was started makes it on first use; every worker
 * that heddle starts is given it. Two copies of heddle in one thread share one.
 */
import { platform, server } from "#platform";
import { RuntimeError, UnsupportedError } from "../errors.ts";
import { haltForever, load, or } from "../memory/atomics.ts";
import { AgentRecord } from "../memory/agent-record.ts";
import { AgentTable } from "../memory/agent-table.ts";
import { Heap } from "../memory/heap.ts";
import { WaitSet } from "../memory/wait-set.ts";
import { RELEASE } from "../base/release.ts";
import { threadRegistry } from "../base/registry.ts";

/** Most agents at once. */
export const CAPACITY = 512;
const KINDS_AT = AgentTable.words(CAPACITY);
const HEAP_AT = KINDS_AT + 2;
const INITIAL_BYTES = 4 * (HEAP_AT + Heap.words(CAPACITY)) + 64 * 1024;
const MOST_BYTES = 2 ** 30;
/** Of the thread in which the program was started. */
export const MAIN_SLOT = 0;

/** What a worker receives of the program's memory, and its slot in it. */
export interface ProgramInit {
  readonly memory: SharedArrayBuffer;
  readonly slot: number;
}

export class Program {
  readonly memory: SharedArrayBuffer;
  readonly agents: AgentTable;
  readonly heap: Heap;
  readonly #words: Int32Array;
  /** The kinds that this agent has noted in the program's memory. */
  #notedKinds = 0;
  /** The calling agent's. */
  readonly slot: number;
  readonly record: AgentRecord;
  /** By slot; they lie at the beginning of the memory, which only grows at its end. */
  readonly #records: (AgentRecord | undefined)[] = [];
  /** Ident of the thread that the calling agent runs. */
  ident: number;
  /** Whether the calling agent has announced its own death, and is running its last code. */
  isEnding = false;
  /** Ends the calling agent, for one that some runtimes let go on when its creator is terminated. */
  endThread: (() => void) | undefined;

  constructor({ memory, slot }: ProgramInit) {
    this.memory = memory;
    this.slot = slot;
    const words = allWords(memory);
    this.#words = words;
    this.agents = new AgentTable(words, 0, CAPACITY);
    this.record = this.recordOf(slot);
    this.heap = new Heap(words, {
      at: HEAP_AT,
      capacity: CAPACITY,
      slot,
      grow: (length) => this.#grow(length),
    });
    this.ident = this.agents.identOf(slot);
  }

  /**
   * Claims a slot for an agent that this one is about to create.
   *
   * @throws {RuntimeError} There are too many agents.
   */
  claimSlot(name: string): number {
    const slot = this.agents.claim(this.slot);
    if (slot === -1) {
      throw new RuntimeError(
        `Cannot start a new thread: ${CAPACITY} are running, the most that a program can have`,
      );
    }
    const record = this.recordOf(slot);
    record.clear();
    record.name = name;
    return slot;
  }

  /** A bit for each kind of shared object that any agent has made. Read it before a handle is received. */
  get kindsInUse(): number {
    return load(this.#words, KINDS_AT);
  }

  /** There are objects of that kind from now on. Before the first of them can be sent. */
  noteKind(kind: number): void {
    const bit = 1 << kind;
    if ((this.#notedKinds & bit) !== 0) return;
    this.#notedKinds |= bit;
    or(this.#words, KINDS_AT, bit);
  }

  recordOf(slot: number): AgentRecord {
    return (this.#records[slot] ??= new AgentRecord(this.#words, this.agents, slot));
  }

  /** Whether a thread runs that is not a daemon: the program must not end before it. */
  hasNonDaemonThreads(): boolean {
    return this.agents.someLive(
      (slot) => this.agents.identOf(slot) !== 0 && this.recordOf(slot).keepsProgramAlive,
    );
  }

  /**
   * Records that an agent died, and wakes all agents, which may wait for it.
   *
   * Several learn of a death, the last one perhaps when another agent has got the slot.
   *
   * @param agent Its number; see {@link AgentTable.agentAt}.
   */
  reportDeath(slot: number, agent: number): void {
    if (slot === this.slot) this.isEnding = true;
    const dead = this.agents.markDead(slot, agent);
    if (dead.length === 0) return;
    for (const each of dead) this.#leaveSets(each);
    this.agents.announceDeaths();
  }

  /** Stops the calling thread, whose agent is dead. */
  stop(): never {
    if (this.endThread !== undefined) {
      this.isEnding = true;
      this.endThread();
    }
    haltForever();
  }

  #leaveSets(slot: number): void {
    for (const at of this.recordOf(slot).sets() ?? []) {
      const set = new WaitSet(this.heap.wordsFor(at), at, this.agents);
      set.withdraw(slot);
      set.wakeOne(); // it may have been chosen, and not have looked
    }
  }

  /** Gives a slot back whose agent has ended, and left no trace in any wait set. */
  release(slot: number): void {
    if (this.recordOf(slot).sets() === undefined) return;
    this.agents.release(slot);
  }

  #grow(length: number): Int32Array {
    const wanted = Math.min(MOST_BYTES, Math.ceil((length * 4 * 1.5) / 65536) * 65536);
    if (this.memory.byteLength < length * 4) {
      try {
        this.memory.grow(wanted);
      } catch {
        // Another agent has made it longer than that, or it cannot be.
      }
    }
    if (this.memory.byteLength < length * 4) {
      throw new RangeError(
        `Cannot allocate shared memory: all ${MOST_BYTES / 2 ** 20} MiB of it are in use`,
      );
    }
    return allWords(this.memory);
  }
}

/** A view of fixed length: one that follows the growing memory is three times slower. */
function allWords(memory: SharedArrayBuffer): Int32Array {
  return new Int32Array(memory, 0, memory.byteLength >> 2);
}

interface Holder {
  /** Of the copy that has made it: the layout of the memory is that release's. */
  readonly release: string;
  program: Program | undefined;
}

/** @throws {RuntimeError} A copy of heddle of another release has a part in the program in this thread. */
function holder(): Holder {
  const held = threadRegistry<Holder>("program@1", () => ({
    release: RELEASE,
    program: undefined,
  }));
  if (held.release !== RELEASE) throw twoReleases(held.release);
  return held;
}

function twoReleases(other: unknown): RuntimeError {
  return new RuntimeError(
    `Cannot use the threads and locks of heddle ${RELEASE}: this thread uses those of heddle ${String(other)}. ` +
      "Install one release, which all packages of the program share",
  );
}

/** The program as the calling agent has it. */
export function program(): Program {
  const held = holder();
  return (held.program ??= createProgram());
}

function createProgram(): Program {
  if (typeof SharedArrayBuffer === "undefined") {
    throw new UnsupportedError(
      "Cannot make what threads share: this page has no SharedArrayBuffer. Serve it with the headers " +
        "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
      { capability: "sharedMemory", runtime: platform.name },
    );
  }
  const memory = new SharedArrayBuffer(INITIAL_BYTES, { maxByteLength: MOST_BYTES });
  const agents = new AgentTable(allWords(memory), 0, CAPACITY);
  agents.claim(-1);
  if (server.isMainThread) {
    platform.onExit(() => {
      if (agents.uncollected > 0) server.failExit();
    });
  }
  const created = new Program({ memory, slot: MAIN_SLOT });
  created.record.name = server.isMainThread ? "MainThread" : "Dummy-1";
  return created;
}

/** Worker: takes its place in the program of its creator. Before anything else. */
export function adoptProgram(init: ProgramInit): void {
  holder().program = new Program(init);
}
