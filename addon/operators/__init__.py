"""Operators: each module exports its CLASSES; all are `bpy.ops.meshkiln.*`."""

from . import assets, collect, export, generate, jobs, learn, models, runtime, selected, training

CLASSES = (
    *generate.CLASSES,
    *selected.CLASSES,
    *jobs.CLASSES,
    *learn.CLASSES,
    *collect.CLASSES,
    *export.CLASSES,
    *assets.CLASSES,
    *models.CLASSES,
    *runtime.CLASSES,
    *training.CLASSES,
)
