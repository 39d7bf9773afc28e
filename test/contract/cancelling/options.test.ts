import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { optionsContract } from "./options-contract.ts";

optionsContract("ThreadPoolExecutor", (options) => new ThreadPoolExecutor(options), true);
optionsContract(
  "ThreadPoolExecutor without shared memory",
  (options) => new ThreadPoolExecutor({ ...options, sharedMemory: false }),
  false,
);
optionsContract("ProcessPoolExecutor", (options) => new ProcessPoolExecutor(options), true);
