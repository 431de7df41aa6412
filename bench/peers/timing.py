"""How a peer is timed: the options and the lines of bench/ChainRule.Bench, so that one command can drive both. Standard library only."""

import argparse
import json
import statistics
import sys
import time

WARM_STEPS, WARM_SECONDS, ROUND_SECONDS = 3, 0.5, 0.3


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--threads", type=int, default=1, help="how many threads may compute")
    parser.add_argument("--only", help="a workload by its name, or all whose names contain this")
    parser.add_argument("--rounds", type=int, default=5, help="how many rounds are timed")
    parser.add_argument("--check", action="store_true", help="print the numbers that both sides must agree on, and time nothing")
    parser.add_argument("--paced", action="store_true", help="one round for each line on standard input, until it ends")
    parser.add_argument("--list", action="store_true", help="print the names of the workloads")
    parser.add_argument("--about", action="store_true", help="say what would compute")
    return parser.parse_args()


def chosen(names, only):
    if only is None:
        return list(names)
    found = [name for name in names if name == only] or [name for name in names if only in name]
    if not found:
        sys.exit(f"workload '{only}': none of that name: --list shows them")
    return found


def say(**fields):
    print(json.dumps(fields), flush=True)


def peak_bytes():
    """The most memory that this process ever held, as the kernel counts it: VmHWM, which a new program begins anew."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except OSError:
        return 0


class Clock:
    """Warms a step up, finds how many make a round, and times rounds."""

    def __init__(self, step):
        self.step, self.rounds = step, []
        start, steps = time.perf_counter(), 0
        while steps < WARM_STEPS or time.perf_counter() - start < WARM_SECONDS:
            step()
            steps += 1
        self.steps = 1
        once = self.seconds()
        self.steps = max(1, round(ROUND_SECONDS / max(once, 1e-7)))

    def seconds(self):
        step = self.step
        start = time.perf_counter()
        for _ in range(self.steps):
            step()
        return (time.perf_counter() - start) / self.steps

    def round(self):
        self.rounds.append(self.seconds())
        return self.rounds[-1]


def run(workloads, given):
    """Workloads by name: each a function that makes a (step, check) pair."""
    names = chosen(workloads, given.only)
    if given.list:
        print("\n".join(names))
        return
    if given.paced and len(names) != 1:
        sys.exit(f"--paced: {len(names)} workloads would share one standard input: name one with --only")
    for name in names:
        step, check = workloads[name]()
        if given.check:
            say(name=name, numbers=check())
            continue
        clock = Clock(step)
        if given.paced:
            say(ready=name)
            for _ in sys.stdin:
                say(round=clock.round())
        else:
            for _ in range(given.rounds):
                clock.round()
        if clock.rounds:
            say(name=name, threads=given.threads, seconds=statistics.median(clock.rounds), best=min(clock.rounds),
                rounds=len(clock.rounds), steps=clock.steps, peak_bytes=peak_bytes())
