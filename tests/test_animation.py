"""Animation goes out of Blender and in again, and nothing of it is lost or run."""

import random

import bpy
import numpy as np
import pytest
from meshkiln.addon.inject.animation import apply_animation
from meshkiln.addon.inject.expressions import is_simple
from meshkiln.addon.inject.makers import new_making
from meshkiln.extractor.materials.readers import new_context
from meshkiln.extractor.rna.animation import COLUMNS, read_animation
from meshkiln.records import Record

SLOTS = "slots" in bpy.types.Action.bl_rna.properties
MODIFIERS = [i.identifier for i in bpy.types.FModifier.bl_rna.properties["type"].enum_items if i.identifier != "NULL"]


def an_object(name="Ball", data=None):
    obj = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(obj)
    return obj


def curves_of(action, id_type="OBJECT", slot_name="Ball"):
    """The F-curves of a new action, in this Blender's way; the slot too where there are slots."""
    if not SLOTS:
        action.id_root = id_type
        return action, None
    slot = action.slots.new(id_type, slot_name)
    layer = action.layers[0] if action.layers else action.layers.new("Layer")
    strip = layer.strips[0] if layer.strips else layer.strips.new(type="KEYFRAME")
    return strip.channelbag(slot, ensure=True), slot


def assign(obj, action, slot):
    moved = obj.animation_data_create()
    moved.action = action
    if slot is not None:
        moved.action_slot = slot
    return moved


def a_moved_object(*paths):
    obj, action = an_object(), bpy.data.actions.new("Bounce")
    owner, slot = curves_of(action)
    curves = [owner.fcurves.new(path, index=index) for path, index in paths or [("location", 0)]]
    assign(obj, action, slot)
    return obj, owner, curves


def read(obj):
    ctx = new_context()
    animation = read_animation(obj, ctx)
    data = {"name": obj.name, "kind": "empty", "animation": animation, "actions": ctx.actions}
    return Record(data, ctx.arrays)


def empty():
    """Far quicker than opening an empty file."""
    bpy.data.batch_remove([*bpy.data.objects, *bpy.data.actions])


def inject(record, trust=False, others=()):
    """Into an empty file: the object again with its animation. (object, what could not be said)"""
    empty()
    making = new_making(trust=trust)
    making.record = record
    obj = an_object(record.name)
    making.know("OBJECT", record.name, obj)
    for other in others:
        making.know("OBJECT", other, an_object(other))
    apply_animation(obj, record.data["animation"], making)
    making.finish()
    return obj, making.not_expressed


def assert_same(first, second):
    assert second.data["animation"] == first.data["animation"]
    assert second.data["actions"] == first.data["actions"]
    assert second.arrays.keys() == first.arrays.keys()
    for key, array in first.arrays.items():
        assert array.tobytes() == second.arrays[key].tobytes(), key


def there_and_back(obj, **options):
    before = read(obj)
    again, lost = inject(before, **options)
    assert lost == []
    assert_same(before, read(again))
    return again


def fill(curve, rng, count):
    """Random keyframes with every kind of handle, easing and interpolation, not what Blender would calculate."""
    points = curve.keyframe_points
    points.clear()
    points.add(count)
    frames = np.sort(rng.choice(1000, count, replace=False)) + rng.random(count)
    for name, (dtype, width) in COLUMNS.items():
        if dtype is np.uint8:
            known = [item.value for item in points[0].bl_rna.properties[name].enum_items]
            values = rng.choice(known, count).astype(np.int32)
        else:
            values = (rng.standard_normal((count, width)) * 100).astype(np.float32)
            if name == "co":
                values[:, 0] = frames
        points.foreach_set(name, values.ravel())


@pytest.mark.parametrize("seed", range(4))
def test_random_actions_come_back_bit_by_bit(seed):
    rng = np.random.default_rng(seed)
    paths = [("location", 0), ("location", 2), ("rotation_euler", 1), ('["prop"]', 0), ("hide_render", 0)]
    obj, owner, curves = a_moved_object(*paths)
    for curve in curves:
        fill(curve, rng, int(rng.integers(1, 60)))
        curve.extrapolation = rng.choice(["CONSTANT", "LINEAR"])
        curve.auto_smoothing = rng.choice(["NONE", "CONT_ACCEL"])
        curve.color_mode = rng.choice(["AUTO_RAINBOW", "AUTO_RGB", "AUTO_YRGB", "CUSTOM"])
        curve.color = rng.random(3)
        curve.mute, curve.lock, curve.hide = (bool(b) for b in rng.integers(0, 2, 3))
    group = owner.groups.new("Object Transforms")
    group.lock, group.color_set = True, "THEME03"
    curves[1].group = group
    action = bpy.data.actions["Bounce"]
    action.use_frame_range, action.use_cyclic = True, bool(seed % 2)
    action.frame_start, action.frame_end = 12.5, 88.25
    action.pose_markers.new("jump").frame = 7
    action["studio"] = {"shot": 3}
    obj.animation_data.action_influence = 0.25
    obj.animation_data.action_blend_type = "ADD"
    again = there_and_back(obj)
    assert again.animation_data.action.name == "Bounce"


def modified(kind, rng):
    """A curve with an F-modifier of this kind, every property at random."""
    obj, _, (curve,) = a_moved_object()
    fill(curve, np.random.default_rng(1), 5)
    modifier = curve.modifiers.new(kind)
    if kind == "ENVELOPE":
        for frame in (3.5, 9.0, 40.25):
            modifier.control_points.add(frame)
        modifier.control_points.foreach_set("min", [-rng.random() for _ in range(3)])
        modifier.control_points.foreach_set("max", [rng.random() for _ in range(3)])
    for prop in modifier.bl_rna.properties:
        if prop.is_readonly or prop.identifier in ("rna_type", "name", "active", "coefficients", "type"):
            continue
        if prop.type == "BOOLEAN":
            value = rng.random() < 0.5
        elif prop.type == "ENUM":
            value = rng.choice(prop.enum_items.keys())
        elif prop.type == "INT":
            value = rng.randint(max(prop.soft_min, 1), min(prop.soft_max, 7))
        elif prop.type == "FLOAT":
            value = rng.uniform(max(prop.soft_min, -50), min(prop.soft_max, 50))
            value = {"frame_start": -60.5, "frame_end": 70.25}.get(prop.identifier, value)
        else:
            continue
        setattr(modifier, prop.identifier, value)
    if kind == "GENERATOR":
        modifier.coefficients = [rng.uniform(-2, 2) for _ in modifier.coefficients]
    return obj


@pytest.mark.parametrize("kind", MODIFIERS)
def test_every_f_modifier_comes_back(kind):
    for seed in range(5):
        empty()
        there_and_back(modified(kind, random.Random(seed)))


def test_a_stack_of_modifiers_keeps_its_order():
    obj, _, (curve,) = a_moved_object()
    for kind in ("CYCLES", "NOISE", "GENERATOR", "LIMITS", "NOISE"):
        curve.modifiers.new(kind).influence = 0.1 * len(curve.modifiers)
    there_and_back(obj)


def test_baked_curves_come_back():
    obj, _, (curve,) = a_moved_object()
    fill(curve, np.random.default_rng(3), 6)
    curve.convert_to_samples(-3, 40)
    values = np.random.default_rng(4).standard_normal(len(curve.sampled_points) * 2).astype(np.float32)
    values[0::2] = np.arange(len(curve.sampled_points)) - 3
    curve.sampled_points.foreach_set("co", values)
    again = there_and_back(obj)
    moved = again.animation_data
    owner = moved.action.layers[0].strips[0].channelbags[0] if SLOTS else moved.action
    assert len(owner.fcurves[0].sampled_points) * 2 == len(values)


@pytest.mark.skipif(not SLOTS, reason="this Blender has no slots")
def test_all_slots_of_an_action_come_back_and_the_right_one_is_chosen():
    obj, action = an_object(), bpy.data.actions.new("Two")
    for name, id_type in (("Ball", "OBJECT"), ("Paint", "MATERIAL"), ("Other", "OBJECT")):
        owner, slot = curves_of(action, id_type, name)
        fill(owner.fcurves.new("location", index=1), np.random.default_rng(len(name)), 4)
    assign(obj, action, slot)
    again = there_and_back(obj)
    assert again.animation_data.action_slot.name_display == "Other"


def test_nla_tracks_and_strips_come_back():
    rng = np.random.default_rng(0)
    obj, action = an_object(), bpy.data.actions.new("Walk")
    owner, slot = curves_of(action)
    fill(owner.fcurves.new("location", index=0), rng, 8)
    moved = obj.animation_data_create()
    for t in range(2):
        track = moved.nla_tracks.new() if not t else moved.nla_tracks.new(prev=moved.nla_tracks[0])
        track.name = f"layer {t}"
        for s in range(3):
            strip = track.strips.new(f"walk {t}{s}", 10 + 2000 * s, action)
            if slot is not None:
                strip.action_slot = slot
            strip.action_frame_start, strip.action_frame_end = 3.5, 47.25
            strip.scale, strip.repeat = 0.5 + 0.25 * s, 1.5 + s
            strip.blend_type = ("REPLACE", "ADD", "COMBINE")[s]
            strip.extrapolation = ("NOTHING", "HOLD", "HOLD_FORWARD")[s]
            strip.use_reverse, strip.mute, strip.use_sync_length = s == 1, s == 2, s == 0
            strip.blend_in, strip.blend_out = 2.5, 3.25
            strip.use_auto_blend = False
    strip = moved.nla_tracks[1].strips[1]
    strip.use_animated_influence = True
    fill(strip.fcurves.find("influence"), rng, 3)
    moved.nla_tracks[0].mute, moved.nla_tracks[1].lock = True, True
    there_and_back(obj)


def driven(expression="a * 2 + sin(frame)", kind="SCRIPTED"):
    obj, other = an_object(), an_object("Target")
    curve = obj.animation_data_create().drivers.new("location", index=2)
    driver = curve.driver
    driver.type = kind
    for name, variable_type in (("a", "SINGLE_PROP"), ("b", "TRANSFORMS"), ("c", "LOC_DIFF"), ("d", "ROTATION_DIFF")):
        variable = driver.variables.new()
        variable.name, variable.type = name, variable_type
        for target in variable.targets:
            target.id = other
            if variable_type == "SINGLE_PROP":
                target.data_path = "rotation_euler[1]"
                target.use_fallback_value, target.fallback_value = True, 0.3
            elif variable_type == "TRANSFORMS":
                target.transform_type, target.transform_space = "SCALE_AVG", "LOCAL_SPACE"
    driver.expression = expression
    return obj, curve


def test_drivers_come_back_with_variables_targets_keyframes_and_modifiers():
    obj, curve = driven()
    curve.extrapolation = "LINEAR"
    curve.modifiers.new("GENERATOR").coefficients = (0.5, -1.5)
    curve.keyframe_points.clear()
    fill(curve, np.random.default_rng(5), 3)
    second = obj.animation_data.drivers.new("scale", index=0)
    second.driver.type = "MAX"
    variable = second.driver.variables.new()
    variable.type = "CONTEXT_PROP"
    variable.targets[0].data_path = "frame_current"
    third = obj.animation_data.drivers.new('["missing"]', index=-1)
    own = third.driver.variables.new()
    own.targets[0].id, own.targets[0].data_path = obj, "location[0]"
    third.driver.type = "SUM"
    again = there_and_back(obj, others=["Target"])
    drivers = again.animation_data.drivers
    assert drivers[0].driver.variables[0].targets[0].id == bpy.data.objects["Target"]
    assert not drivers[0].mute and drivers[0].driver.is_simple_expression
    assert next(d for d in drivers if "missing" in d.data_path).driver.variables[0].targets[0].id == again


@pytest.mark.parametrize(
    "hostile", ["open('/tmp/owned', 'w')", "__import__('os').system('x') or 1", "bpy.data", "a.__class__", "self.x"]
)
def test_a_driver_that_needs_python_goes_in_muted_and_is_named(hostile):
    obj, _ = driven(hostile)
    record = read(obj)
    again, lost = inject(record, others=["Target"])
    curve = again.animation_data.drivers[0]
    assert curve.mute
    assert curve.driver.expression == hostile, "for the artist to read"
    assert len(lost) == 1 and "needs Python" in lost[0] and "location[2]" in lost[0]
    trusted, lost = inject(record, trust=True, others=["Target"])
    assert lost == [] and not trusted.animation_data.drivers[0].mute


def test_a_driver_that_asks_for_itself_goes_in_muted():
    obj, curve = driven("a + 1")
    curve.driver.use_self = True
    again, lost = inject(read(obj), others=["Target"])
    assert again.animation_data.drivers[0].mute and "needs Python" in lost[0]


def test_a_target_that_is_not_there_is_named():
    obj, _ = driven()
    again, lost = inject(read(obj))
    assert again.animation_data.drivers[0].driver.variables[0].targets[0].id is None
    assert "object 'Target' is not among what was injected" in lost[0]


def test_shape_keys_are_driven_by_their_own_mesh():
    mesh = bpy.data.meshes.new("M")
    mesh.from_pydata([(0, 0, 0), (1, 0, 0), (0, 1, 0)], [], [(0, 1, 2)])
    obj = an_object("Face", mesh)
    obj.shape_key_add(name="Basis")
    obj.shape_key_add(name="Smile")
    curve = mesh.shape_keys.animation_data_create().drivers.new('key_blocks["Smile"].value')
    target = curve.driver.variables.new().targets[0]
    target.id_type = "KEY"
    target.id, target.data_path = mesh.shape_keys, 'key_blocks["Basis"].value'
    said = read_animation(mesh.shape_keys, new_context())
    assert said["drivers"][0]["driver"]["variables"][0]["targets"][0]["id"] == {"self": True}


def test_nothing_that_moves_is_none():
    obj = an_object()
    assert read_animation(obj, new_context()) is None
    obj.animation_data_create()
    assert read_animation(obj, new_context()) is None
    assert read_animation(bpy.data.images.new("i", 1, 1), new_context()) is None


def test_an_action_shared_by_two_objects_is_made_once():
    obj, _, (curve,) = a_moved_object()
    fill(curve, np.random.default_rng(0), 4)
    record = read(obj)
    empty()
    making = new_making()
    making.record = record
    for name in ("One", "Two"):
        apply_animation(an_object(name), record.data["animation"], making)
    making.finish()
    assert [a.name for a in bpy.data.actions] == ["Bounce"]
    assert bpy.data.actions[0].users == 2
    making.undo()
    assert not bpy.data.actions


def test_an_action_from_a_blender_without_slots_moves_here():
    obj, _, (curve,) = a_moved_object()
    fill(curve, np.random.default_rng(0), 4)
    record = read(obj)
    action = record.data["actions"]["Bounce"]
    action.update(slots=[], id_root="OBJECT")
    action["layers"][0]["strips"][0]["channelbags"][0]["slot"] = None
    record.data["animation"]["slot"] = None
    again, lost = inject(record)
    assert lost == []
    assert not SLOTS or again.animation_data.action_slot is not None
    action.update(slots=[{"identifier": "OBBall", "name": "Ball", "id_type": "OBJECT"}])
    del action["id_root"]
    action["layers"][0]["strips"][0]["channelbags"][0]["slot"] = record.data["animation"]["slot"] = "OBBall"
    again, lost = inject(record)
    assert lost == [] and again.animation_data.action is not None


def test_what_counts_as_simple_is_simple_for_blender_too():
    curve = an_object().animation_data_create().drivers.new("location", index=0)
    curve.driver.type = "SCRIPTED"
    curve.driver.variables.new().name = "var"
    for expression in SIMPLE:
        assert is_simple(expression, ["var"]), expression
        curve.driver.expression = expression
        assert curve.driver.is_simple_expression, expression
    for expression in PYTHON:
        assert not is_simple(expression, ["var"]), expression


SIMPLE = (
    "var",
    "(var + 1.5e3) / -2",
    "sin(radians(var)) * pi",
    "1 if var > 2 and not frame == 3 else max(var, 0, 1)",
    "lerp(0, 1, var) + smoothstep(0, 1, var) + clamp(var) + clamp(var, 0, 2)",
    "log(var) + log(var, 2) + atan2(var, 1) + pow(var, 2) + fmod(var, 2) + True",
    "0 < var <= 3 or False",
    *(f"{name}(var)" for name in "degrees abs fabs floor ceil trunc round int cos tan asin acos atan exp sqrt".split()),
)
PYTHON = (
    "var ** 2", "var % 2", "var // 2", "var & 1", "other", "noise.random()", "[var][0]", "'text'", "(lambda: 1)()",
    "sin(var, 2)", "sin(x=var)", "sin(*[var])", "1 if var else __import__('os')", "", "(" * 200, "var\n+1", "ｓin(var)",
    "f'{var}'", "(var := 1)", "1j", "var.real", "...", "None", "1 + " * 80 + "1",
)  # fmt: skip


def test_materials_and_their_nodes_keep_what_moves_them():
    from meshkiln.addon.inject.nodes.nodes import make_material
    from meshkiln.extractor.materials.nodes import read_material

    material = bpy.data.materials.new("Glow")
    material.use_nodes = True
    tree = material.node_tree
    node = tree.nodes.new("ShaderNodeValue")
    node.outputs[0].keyframe_insert("default_value", frame=3)
    curve = material.animation_data_create().drivers.new("metallic")
    target = curve.driver.variables.new().targets[0]
    target.id_type = "NODETREE"
    target.id, target.data_path = tree, "nodes[0].width"
    ctx = new_context()
    said = read_material(material, ctx)
    assert said["tree"]["animation"]["action"] in ctx.actions
    record = Record({"name": "x", "actions": ctx.actions}, ctx.arrays)
    bpy.data.batch_remove([material, *bpy.data.actions])
    making = new_making()
    making.record = record
    again = make_material(said, making)
    making.finish()
    assert making.not_expressed == []
    assert again.animation_data.drivers[0].driver.variables[0].targets[0].id == again.node_tree
    ctx = new_context()
    assert read_material(again, ctx) == said
    assert ctx.actions == record.data["actions"]
