/**
 * The lanes that one agent has made, and all that others ask of them. It lives in the courier of
 * that agent, and with it. Knows nothing of how the clients are reached.
 */
import {
  ALL_DONE,
  ASK,
  BACK,
  CLOSE,
  CREATE,
  DONE,
  ENDS,
  FLUSH,
  type Frame,
  LEND,
  OPEN,
  PUT,
  type Question,
  READS,
  READY,
  readQuestion,
  SIZE,
  TAKEN,
  UNASK,
  UNLIMITED,
  UNWANT,
  VOID,
  WANT,
  WRITES,
} from "./frames.ts";
import { type Client, Lane } from "./lane.ts";

/** A question that is not answered yet. */
interface Pending extends Question {
  readonly client: Client;
  readonly number: number;
}

export class Hub {
  /** By their numbers. The slots of a lane have the number after its own. */
  readonly #lanes = new Map<number, Lane>();
  #pending: Pending[] = [];

  receive(client: Client, frame: Frame): void {
    const { kind, lane: id, bits, number, bytes } = frame;
    if (kind === CREATE) this.#create(id, bits, number);
    else if (kind === ASK) this.#ask({ client, number, ...readQuestion(bytes) });
    else if (kind === UNASK) this.#unask(client, number);
    else {
      const lane = this.#lanes.get(id);
      if (lane !== undefined) this.#change(lane, client, frame);
      // Its maker has ended it, or what the last agent lent of it has come to nothing.
      else if (kind === OPEN && (bits & READS) !== 0) client.end(id);
      else if (kind === OPEN) client.end(id + 1);
    }
    this.#answerPending();
  }

  /** The agent has ended. */
  drop(client: Client): void {
    this.#pending = this.#pending.filter((question) => question.client !== client);
    for (const lane of this.#lanes.values()) this.#close(lane, client, READS | WRITES, true);
    this.#answerPending();
  }

  #create(id: number, bits: number, capacity: number): void {
    const ends = (bits & ENDS) !== 0;
    let slots: Lane | undefined;
    if ((bits & UNLIMITED) === 0) {
      slots = new Lane(id + 1, { ends, isSlots: true, slots: undefined });
      slots.putBlanks(capacity);
      this.#lanes.set(id + 1, slots);
    }
    this.#lanes.set(id, new Lane(id, { ends, isSlots: false, slots }));
  }

  #change(lane: Lane, client: Client, { kind, bits, number, bytes }: Frame): void {
    switch (kind) {
      case PUT:
        lane.put(client, bytes);
        break;
      case WANT:
        lane.want(client);
        break;
      case UNWANT:
        lane.unwant(client);
        break;
      case BACK:
        lane.giveBack(client, number, bytes, (bits & TAKEN) !== 0);
        break;
      case OPEN:
        lane.open(client, bits, number);
        if ((bits & WRITES) !== 0) lane.slots?.open(client, READS, number);
        break;
      case LEND:
        lane.lend(client, bits, number);
        if ((bits & WRITES) !== 0) lane.slots?.lend(client, READS, number);
        break;
      case VOID:
        lane.voidTicket(number);
        lane.slots?.voidTicket(number);
        this.#forget(lane);
        break;
      case CLOSE:
        this.#close(lane, client, bits, false);
        break;
      default:
    }
  }

  #close(lane: Lane, client: Client, roles: number, hasDied: boolean): void {
    lane.close(client, roles, hasDied);
    if ((roles & WRITES) !== 0) lane.slots?.close(client, READS, hasDied);
    this.#forget(lane);
  }

  #forget(lane: Lane): void {
    if (!lane.isForgotten) return;
    this.#lanes.delete(lane.id);
    if (lane.slots !== undefined) this.#lanes.delete(lane.slots.id);
  }

  #ask(question: Pending): void {
    if (!this.#answer(question)) this.#pending.push(question);
  }

  #unask(client: Client, number: number): void {
    this.#pending = this.#pending.filter(
      (question) => question.client !== client || question.number !== number,
    );
  }

  #answerPending(): void {
    if (this.#pending.length > 0) {
      this.#pending = this.#pending.filter((question) => !this.#answer(question));
    }
  }

  /** Says whether the question could be answered. */
  #answer({ client, number, what, lanes }: Pending): boolean {
    const lane = this.#lanes.get(lanes[0] ?? 0);
    switch (what) {
      case READY:
        if (!lanes.some((id) => this.#lanes.get(id)?.isReadyFor(client) ?? true)) return false;
        break;
      case SIZE:
        client.answer(number, true, lane?.size ?? 0);
        return true;
      case DONE:
        if (lane !== undefined && lane.unfinished > 0) lane.unfinished--;
        else {
          client.answer(number, false, 0);
          return true;
        }
        break;
      case ALL_DONE:
        if (lane !== undefined && lane.unfinished > 0) return false;
        break;
      case FLUSH:
      default:
    }
    client.answer(number, true, 0);
    return true;
  }
}
