import { UnsupportedError } from "heddle";
import { ProcessPoolExecutor, ThreadPoolExecutor } from "heddle/concurrent/futures";
import { getContext } from "heddle/multiprocessing";
import { triesKind } from "../support/shares.ts";
import { executorContract as contract } from "./executor-contract.ts";

const executorContract: typeof contract = (name, ...rest) => {
  if (triesKind(name)) contract(name, ...rest);
};

executorContract("ThreadPoolExecutor", (options) => new ThreadPoolExecutor(options), {
  sharedMemory: true,
  sharedObjects: true,
  transfer: true,
  blocking: true,
  isolated: true,
});
executorContract(
  "ThreadPoolExecutor without shared memory",
  (options) => new ThreadPoolExecutor({ ...options, sharedMemory: false }),
  {
    sharedMemory: true, // what it works without; values can still have some
    sharedObjects: false,
    transfer: true,
    blocking: UnsupportedError,
    isolated: true,
  },
);
executorContract("ProcessPoolExecutor", (options) => new ProcessPoolExecutor(options), {
  sharedMemory: false,
  sharedObjects: false,
  transfer: false,
  blocking: true,
  isolated: true,
});
executorContract(
  "ProcessPoolExecutor whose processes another thread owns",
  (options) => new ProcessPoolExecutor({ ...options, mpContext: getContext() }),
  {
    sharedMemory: false,
    sharedObjects: false,
    transfer: false,
    blocking: true,
    isolated: true,
  },
);
