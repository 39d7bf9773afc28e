/** A library's exports without written types: its declarations name what heddle/queue exports. */
import { PriorityQueue, type Queue, type SimpleQueue } from "heddle/queue";

export const got = (queue: Queue<number>) => queue.get();
export const put = (queue: Queue<number>) => queue.put;
export const joined = (queue: Queue<number>) => queue.join();
export const shutDown = (queue: Queue<number>) => queue.shutdown;
export const gotSync = (queue: SimpleQueue<number>) => queue.getSync;
export const priorities = new PriorityQueue<[number, string]>();
