/* oxlint-disable -- code as someone new writes it */
// Prices orders with classes, a generic repository and an "enum" of constants.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import limits from "../settings.json" with { type: "json" };

const Status = { Open: "open", Paid: "paid" } as const;
type Status = (typeof Status)[keyof typeof Status];

interface Line {
  sku: string;
  quantity: number;
  cents: number;
}

abstract class Entity {
  static #made = 0;
  readonly id: number;
  constructor() {
    this.id = ++Entity.#made;
  }
  abstract describe(): string;
}

class Order extends Entity {
  #lines: Line[] = [];
  status: Status = Status.Open;
  static of(...lines: Line[]): Order {
    const order = new Order();
    order.#lines.push(...lines);
    return order;
  }
  get total(): number {
    return this.#lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0);
  }
  pay(): this {
    this.status = Status.Paid;
    return this;
  }
  override describe(): string {
    return `${this.status} ${(this.total / 100).toFixed(2)}`;
  }
}

class Repository<T extends { id: number }> {
  private items = new Map<number, T>();
  add(item: T): T {
    this.items.set(item.id, item);
    return item;
  }
  get size(): number {
    return this.items.size;
  }
}
const orders = new Repository<Order>();

function price(lines: readonly Line[]): { text: string; stored: number } {
  const order = orders.add(Order.of(...lines));
  return { text: order.pay().describe(), stored: orders.size };
}

const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
const first = await pool.submit(price, [{ sku: "a", quantity: 2, cents: 150 }]);
const second = await pool.submit(
  (lines: Line[]) => ({ ...price(lines), rate: limits !== undefined }) satisfies object,
  [{ sku: "b", quantity: 1, cents: 99 }],
);
console.log(JSON.stringify([first, second]));
await pool.shutdown();
