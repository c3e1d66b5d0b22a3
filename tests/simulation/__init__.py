"""The whole system in simulated time: one seed is one schedule, and every law is checked after it.

    python -m tests.simulation --seed 17        # run one schedule and tell its story
    python -m tests.simulation --seeds 0-999    # run many

The use-cases, the ledger's SQL and every rule are the product's own. Pub/Sub, Classroom, the clocks
and the processes are simulated, and each call that leaves a process may fail, be late, lose its
reply or end the process.
"""
