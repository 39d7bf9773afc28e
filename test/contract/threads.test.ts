import { Process } from "heddle/multiprocessing";
import { Process as ThreadProcess } from "heddle/multiprocessing/dummy";
import { Thread } from "heddle/threading";
import { threadContract } from "./thread-contract.ts";

threadContract("Thread", (plan) => new Thread(plan as object));
threadContract("multiprocessing Process", (plan) => new Process(plan as object));
threadContract("multiprocessing.dummy Process", (plan) => new ThreadProcess(plan as object));
