/** Totals of invoices, by functions of another module and a package. */
import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { gross, VAT, log } from "./shop.mjs";
import YAML from "yaml";
const invoices = YAML.parse("- {id: 1, net: 10}\n- {id: 2, net: 20.5}\n");
const pool = new ThreadPoolExecutor({ maxWorkers: 2 });
log("starting", invoices.length);
const totals = await pool.map(({ net }) => gross(net), invoices);
console.log(JSON.stringify(totals));
const texts = await Promise.all(
  invoices.map((invoice) =>
    pool.submit((i) => `${i.id}: ${gross(i.net)} (${VAT * 100} %)`, invoice),
  ),
);
console.log(JSON.stringify(texts));
await pool.shutdown();
