"""Records the names of CPython's concurrency modules, for the `Python:` lines of docstrings.

    python3.11 scripts/python/record-names.py > scripts/python/names.json

What later versions added is listed below by hand, with the version. `docs.mjs` reads the file.
"""

import ast
import asyncio
import builtins
import collections.abc
import concurrent.futures
import concurrent.futures.process
import concurrent.futures.thread
import contextvars
import faulthandler
import importlib
import inspect
import json
import pickle
import queue
import signal
import socket
import ssl
import sys
import textwrap
import threading

# Recorded with the members of their classes.
MODULES = [
    "_thread",
    "asyncio",
    "asyncio.subprocess",
    "asyncio.trsock",
    "concurrent.futures",
    "concurrent.futures._base",
    "concurrent.futures.process",
    "concurrent.futures.thread",
    "contextvars",
    "multiprocessing",
    "multiprocessing.context",
    "multiprocessing.dummy",
    "multiprocessing.connection",
    "multiprocessing.pool",
    "multiprocessing.queues",
    "queue",
    "threading",
]

# Recorded without members, but for these.
OTHERS = {
    "builtins": ["BaseException.args", "ExceptionGroup.exceptions", "OSError.errno", "SystemExit.code"],
    "collections.abc": [],
    "faulthandler": [],
    "pickle": [],
    "signal": [],
    "socket": ["socket.getsockname"],
    "ssl": [],
    "sys": [],
}

# Private names that heddle has, too.
PRIVATE = {"_count", "_get", "_init", "_put", "_qsize"}

# What every object has. `object.__repr__` says nothing, but classes replace it in C unseen.
NOISE = set(dir(object)) - {"__eq__", "__hash__", "__init__", "__repr__"} | {
    "__annotations__",
    "__builtins__",
    "__cached__",
    "__dict__",
    "__doc__",
    "__file__",
    "__loader__",
    "__module__",
    "__package__",
    "__path__",
    "__slots__",
    "__spec__",
    "__weakref__",
}

# Python's documentation calls any event loop `loop`.
ALIASES = {"asyncio": {"loop": asyncio.SelectorEventLoop}}

# CPython's C code has no source to read attributes from, and aliases hide some classes.
ADDED = {
    "3.12": {
        "_thread": ["daemon_threads_allowed"],
        "asyncio": [
            "Handle.get_context",
            "Task.get_context",
            "TimerHandle.get_context",
            "create_eager_task_factory",
            "eager_task_factory",
        ],
        "threading": ["setprofile_all_threads", "settrace_all_threads"],
    },
    "3.13": {
        "_thread": [
            "_ThreadHandle",
            "_ThreadHandle.ident",
            "_ThreadHandle.is_done",
            "_ThreadHandle.join",
            "start_joinable_thread",
        ],
        "asyncio": [
            "EventLoop",
            "Queue.shutdown",
            "QueueShutDown",
            "Server.abort_clients",
            "Server.close_clients",
            "as_completed.__aiter__",
        ],
        "concurrent.futures": ["InvalidStateError"],
        "queue": ["Queue.is_shutdown", "Queue.shutdown", "ShutDown"],
    },
    "3.14": {
        "_thread": ["set_name"],
        "asyncio": [
            "FrameCallGraphEntry",
            "FrameCallGraphEntry.frame",
            "FutureCallGraph",
            "FutureCallGraph.awaited_by",
            "FutureCallGraph.call_stack",
            "FutureCallGraph.future",
            "capture_call_graph",
            "format_call_graph",
            "future_add_to_awaited_by",
            "future_discard_from_awaited_by",
            "print_call_graph",
        ],
        "concurrent.futures": [
            "InterpreterPoolExecutor",
            "ProcessPoolExecutor.kill_workers",
            "ProcessPoolExecutor.terminate_workers",
        ],
        "contextvars": ["Token.__enter__", "Token.__exit__"],
        "multiprocessing": ["Process.interrupt"],
        "threading": ["Condition.locked", "RLock.locked"],
    },
    "3.15": {"asyncio": ["TaskGroup.cancel"]},
}


def attributes(cls):
    """The attributes that a class written in Python gives its instances."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    except (OSError, TypeError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name) and node.value.id == "self":
                if not node.attr.startswith("_"):
                    yield node.attr


def instance_class(value):
    """The class of which `value` makes instances, also where it is a function, as Lock is."""
    if inspect.isclass(value):
        return value
    if value in (threading.Lock, threading.RLock):
        return type(value())
    return None


def is_recorded(name):
    return not name.startswith("_") or name in PRIVATE or (name.startswith("__") and name not in NOISE)


def members(cls):
    names = set(dir(cls))
    for base in cls.__mro__:
        names.update(attributes(base))
    return filter(is_recorded, names)


def names_in(module):
    found = dict(vars(module)) | ALIASES.get(module.__name__, {})
    # Some are loaded when they are first asked for.
    found |= {name: getattr(module, name) for name in getattr(module, "__all__", [])}
    for name, value in found.items():
        if inspect.ismodule(value) or not is_recorded(name):
            continue
        yield name
        cls = instance_class(value)
        if cls is not None and module.__name__ in MODULES:
            yield from (f"{name}.{member}" for member in members(cls))


def record():
    names = {}
    for module in MODULES:
        names[module] = set(names_in(importlib.import_module(module)))
    for module, extra in OTHERS.items():
        public = vars(importlib.import_module(module))
        names[module] = {
            name for name in public if is_recorded(name) and not inspect.ismodule(public[name])
        }
        names[module] |= set(extra)
    for modules in ADDED.values():
        for module, extra in modules.items():
            names[module] |= set(extra)
    return {module: sorted(all_names) for module, all_names in names.items()}


if __name__ == "__main__":
    assert sys.version_info[:2] == (3, 11), "record with the version that the list above starts from"
    json.dump(record(), sys.stdout, indent=1)
    print()
