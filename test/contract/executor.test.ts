import { ThreadPoolExecutor } from "heddle/concurrent/futures";
import { executorContract } from "./executor-contract.ts";

executorContract("ThreadPoolExecutor", (options) => new ThreadPoolExecutor(options));
executorContract(
  "ThreadPoolExecutor without shared memory",
  (options) => new ThreadPoolExecutor({ ...options, sharedMemory: false }),
);
