import { resize } from "./counters.mjs";
resize(9);
