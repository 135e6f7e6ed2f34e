"""Bench: how long a refresh takes, beside a plain script that reads the same files.

Here live the inventing of a trust to measure on, the measuring in fresh processes, the plain script and the comparison.
Nothing here takes part in making a release.
"""
