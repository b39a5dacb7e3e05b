"""Every constraint type comes back as it was, on objects and on bones, with random properties and a target."""

import json
import random

import pytest

bpy = pytest.importorskip("bpy")

from meshkiln.addon.inject.makers import new_making  # noqa: E402
from meshkiln.addon.inject.modifiers import make_constraints  # noqa: E402
from meshkiln.extractor.materials.readers import new_context  # noqa: E402
from meshkiln.extractor.rna.rna import properties  # noqa: E402
from meshkiln.extractor.scene.modifiers import read_constraints  # noqa: E402
from rna_random import differences, randomize  # noqa: E402

SEED = 22


def constraint_types():
    return [item.identifier for item in bpy.types.Constraint.bl_rna.properties["type"].enum_items]


def empty(name):
    obj = bpy.data.objects.new(name, None)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def fill(owner, target, rng):
    for kind in constraint_types():
        constraint = owner.constraints.new(kind)
        constraint.name = f"{kind} ünd"
        randomize(constraint, rng)
        for prop in properties(constraint):
            if prop.kind == "id" and prop.target == "Object":
                setattr(constraint, prop.id, target)
        for entry in getattr(constraint, "targets", ()):
            entry.target = target


def again(owner, fresh, known):
    before = json.loads(json.dumps(read_constraints(owner, new_context())))
    making = new_making()
    for obj in known:
        making.know("OBJECT", obj.name, obj)
    make_constraints(fresh, before, making)
    making.finish()
    after = json.loads(json.dumps(read_constraints(fresh, new_context())))
    return differences(before, after) + making.not_expressed


def test_every_constraint_type_survives_on_an_object():
    rng = random.Random(SEED)
    owner, fresh, target = empty("owner"), empty("fresh"), empty("target")
    fill(owner, target, rng)
    assert len(owner.constraints) == len(constraint_types())
    assert again(owner, fresh, [target]) == []


def test_every_constraint_type_survives_on_a_bone():
    rng = random.Random(SEED)
    rigs = []
    for name in ("rig", "fresh rig"):
        obj = bpy.data.objects.new(name, bpy.data.armatures.new(name))
        bpy.context.scene.collection.objects.link(obj)
        bpy.context.view_layer.objects.active = obj
        bpy.ops.object.mode_set(mode="EDIT")
        bone = obj.data.edit_bones.new("bone")
        bone.tail = (0, 0, 1)
        bpy.ops.object.mode_set(mode="OBJECT")
        rigs.append(obj)
    target = empty("target")
    fill(rigs[0].pose.bones["bone"], target, rng)
    assert again(rigs[0].pose.bones["bone"], rigs[1].pose.bones["bone"], [target]) == []


def test_a_target_that_comes_later_is_found_and_a_missing_one_is_told():
    owner, target = empty("owner"), empty("target")
    constraint = owner.constraints.new("CHILD_OF")
    constraint.target = target
    said = read_constraints(owner, new_context())
    making = new_making()
    fresh = empty("fresh")
    make_constraints(fresh, said, making)
    assert fresh.constraints[0].target is None
    making.know("OBJECT", "target", target)
    making.finish()
    assert fresh.constraints[0].target == target
    assert making.not_expressed == []
    lonely = new_making()
    make_constraints(empty("lonely"), said, lonely)
    lonely.finish()
    assert "target" in lonely.not_expressed[0]
