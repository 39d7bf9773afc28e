/* oxlint-disable -- code as someone new writes it */
// Parses pieces of a CSV file in threads and sums them up.
import { ThreadPoolExecutor } from "heddle/concurrent/futures";

interface Sale {
  readonly region: string;
  readonly amount: number;
}
const Currency = { Euro: "EUR", Dollar: "USD" } as const;
type Currency = (typeof Currency)[keyof typeof Currency];

const CSV: string = ["north,10,EUR", "south,20,USD", "north,5,EUR", '"east, far",7,USD'].join("\n");
const rates: Record<Currency, number> = { EUR: 1.1, USD: 1 };
const CELL = /"([^"]*)"|([^,]+)/g;

class ParseError extends Error {
  override name = "ParseError";
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

function cells(line: string): string[] {
  return [...line.matchAll(CELL)].map((match) => match[1] ?? match[2] ?? "");
}

function parse(text: string, firstLine: number): Sale[] {
  return text.split("\n").map((line, i) => {
    const [region, amount, currency] = cells(line);
    if (region === undefined || !(Number(amount) >= 0)) {
      throw new ParseError(`no amount in "${line}"`, firstLine + i);
    }
    return { region, amount: Number(amount) * rates[currency as Currency] };
  });
}

const sum = (sales: Sale[]): Map<string, number> => {
  const totals = new Map<string, number>();
  for (const { region, amount } of sales) totals.set(region, (totals.get(region) ?? 0) + amount);
  return totals;
};

const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
const lines = CSV.split("\n");
const halves = [lines.slice(0, 2), lines.slice(2)];
const totals = await Promise.all(
  halves.map((half, i) =>
    pool.submit((text, line) => sum(parse(text, line)), half.join("\n"), i * 2),
  ),
);
for (const total of totals) console.log(JSON.stringify([...total]));
try {
  await pool.submit(parse, "north,none", 7);
} catch (error) {
  console.log((error as Error).message, (error as ParseError).line);
}
await pool.shutdown();
