"""Long work: jobs that outlive Blender, child processes, progress. Standard library only."""

from .job import ACTIVE, JobError, cancel, list_jobs, read, read_log, resume, start, watch
from .progress import Reporter, read_metrics

__all__ = [
    "ACTIVE",
    "JobError",
    "Reporter",
    "cancel",
    "list_jobs",
    "read",
    "read_log",
    "read_metrics",
    "resume",
    "start",
    "watch",
]
