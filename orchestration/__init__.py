"""Orchestration: the only room that imports Dagster, and the only one that knows all the others.

Here live the assets and checks, the job `refresh`, the releases' identity and pointer, and the command
`plumbline`. Reading exports, judging them, computing figures and making pages live in their own rooms; this one
says what runs after what.
"""
