"""Making things: a result lands whole, can be chosen among, suggested and cancelled; a crash costs a sentence."""

import math
import os
import signal

import pytest
from loaded import part


def session():
    return part("addon.generate.session").get()


def test_generate_lands_at_the_cursor_selected_and_named(scene):
    import bpy
    from mathutils import Vector

    scene.cursor.location = (1.0, 2.0, 3.0)
    assert bpy.ops.meshkiln.generate(prompt="old barrel", seed=3, faces=12, size=2.0, make={"MESH"}) == {"FINISHED"}
    obj = bpy.context.object
    assert obj.name == "old barrel" and obj.data.name == "old barrel" and obj.select_get()
    assert (obj.location - Vector((1, 2, 3))).length < 1e-5
    assert obj.meshkiln.prompt == "old barrel" and obj.meshkiln.seed == 3
    low = min(v.co.z for v in obj.data.vertices)
    assert abs(low) < 1e-5
    assert 0.5 < max(obj.dimensions) <= 2.05
    assert not obj.data.validate()


def test_the_same_seed_gives_the_same_mesh(scene):
    import bpy

    for _ in range(2):
        bpy.ops.meshkiln.generate(prompt="barrel", seed=5, faces=12, make={"MESH"})
    first, second = (o.data for o in scene.objects)
    assert [tuple(v.co) for v in first.vertices] == [tuple(v.co) for v in second.vertices]


def test_materials_and_modifiers_come_along(scene):
    import bpy

    bpy.ops.meshkiln.generate(prompt="barrel", seed=1, faces=12, make={"MESH", "MATERIALS", "MODIFIERS"})
    obj = bpy.context.object
    assert obj.material_slots and all(slot.material for slot in obj.material_slots)


def test_variants_stand_in_a_row_to_choose_from(scene):
    import bpy

    bpy.ops.meshkiln.generate(prompt="barrel", seed=2, faces=12, variants=3, make={"MESH"})
    made = list(scene.objects)
    assert len(made) == 3 and len({o.meshkiln.variant_set for o in made}) == 1
    places = sorted(o.location.x for o in made)
    assert places[0] < places[1] < places[2]
    bpy.context.view_layer.objects.active = made[1]
    bpy.ops.meshkiln.discard_variant()
    assert len(scene.objects) == 2
    bpy.context.view_layer.objects.active = scene.objects[1]
    bpy.ops.meshkiln.keep_variant()
    assert len(scene.objects) == 1 and not scene.objects[0].meshkiln.variant_set
    assert len([m for m in bpy.data.meshes if m.users]) == 1


def test_an_empty_prompt_is_a_sentence(scene):
    import bpy

    with pytest.raises(RuntimeError, match="Type a prompt"):
        bpy.ops.meshkiln.generate(prompt="  ")


def test_a_killed_worker_is_told_of_and_the_next_click_works(scene):
    import bpy

    talk = session()
    talk.warm_up()
    generate = part("addon.operators.generate")
    options = part("addon.properties").options_of(bpy.context.window_manager.meshkiln) | {"make": ["MESH"]}
    generate.begin(bpy.context, "barrel", {**options, "faces": 3000})
    while not talk.generation.polygons:
        event = talk.client.wait_event(5)
        talk._apply(event)
    os.kill(talk.client.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    talk.wait(10)
    assert talk.generation.state == "failed" and "killed" in talk.sentence and talk.is_error
    assert len(scene.objects) == 0 and talk.client is None
    assert bpy.ops.meshkiln.generate(prompt="barrel", seed=3, faces=12, make={"MESH"}) == {"FINISHED"}
    assert not talk.is_error


def test_opening_another_file_cancels_what_runs(scene):
    import bpy

    talk = session()
    generate = part("addon.operators.generate")
    options = part("addon.properties").options_of(bpy.context.window_manager.meshkiln) | {"make": ["MESH"]}
    generate.begin(bpy.context, "barrel", {**options, "faces": 3000})
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    assert talk.generation.state == "cancelled"
    assert not bpy.data.objects


def test_a_suggested_movement_goes_to_the_cursor_in_time(scene):
    import bpy

    settings = bpy.context.window_manager.meshkiln
    cart = bpy.data.objects.new("Cart", None)
    bpy.context.collection.objects.link(cart)
    cart.location, cart.rotation_euler = (10, 0, 0), (0, 0, math.pi / 2)
    bpy.ops.mesh.primitive_cube_add(size=1)
    obj = bpy.context.object
    obj.parent, obj.location = cart, (1, 2, 0)
    obj.meshkiln.prompt = "slide"
    bpy.context.view_layer.update()
    bpy.context.scene.cursor.location = (10, 5, 0)  # (5, 0, 0) to what is in the cart: four along x and -2 along y
    settings.length, settings.to_cursor = 60, True
    try:
        for settings.seed in range(6):
            bpy.ops.meshkiln.suggest(craft="animation")
            if session().suggestion is not None:
                break
        assert bpy.ops.meshkiln.apply_suggestion() == {"FINISHED"}
    finally:
        settings.length, settings.to_cursor = 0, False
    action = obj.animation_data.action
    owner = action if hasattr(action, "fcurves") else action.layers[0].strips[0].channelbags[0]
    curves = {(c.data_path, c.array_index): [tuple(key.co) for key in c.keyframe_points] for c in owner.fcurves}
    for axis, far in ((0, 4), (1, -2)):
        keys = curves["location", axis]
        first = keys[0][1]
        furthest = max((value - first for _, value in keys), key=abs)
        assert abs(furthest - far) < 1e-4 or abs(keys[-1][1] - first - far) < 1e-4
    assert max(keys[-1][0] - keys[0][0] for keys in curves.values()) == 60


def test_the_way_to_the_cursor_leads_there_from_a_bone_too(scene):
    import bpy
    from mathutils import Vector

    bpy.ops.object.armature_add(location=(1, 2, 3), rotation=(0.4, 0.2, 0.1))
    rig = bpy.context.object
    rig.scale = (2, 2, 2)
    bpy.ops.mesh.primitive_cube_add()
    obj = bpy.context.object
    obj.parent, obj.parent_type, obj.parent_bone = rig, "BONE", rig.data.bones[0].name
    obj.location, obj.delta_location = (1, 0, 2), (0, 0.5, 0)
    bpy.context.view_layer.update()
    place = Vector((-4, 5, 6))
    obj.location += Vector(part("addon.generate.suggestion").way_to(obj, place))
    bpy.context.view_layer.update()
    assert (obj.matrix_world.translation - place).length < 1e-4


def test_twenty_cycles_of_generate_and_cancel_leave_nothing(scene):
    import bpy

    talk = session()
    generate = part("addon.operators.generate")
    options = part("addon.properties").options_of(bpy.context.window_manager.meshkiln) | {"make": ["MESH"]}
    talk.warm_up()
    pid = talk.client.pid
    for number in range(20):
        generate.begin(bpy.context, "barrel", {**options, "faces": 500, "seed": number})
        talk.tick()
        talk.cancel()
        assert not talk.busy
    assert bpy.ops.meshkiln.generate(prompt="barrel", seed=3, faces=12, make={"MESH"}) == {"FINISHED"}
    assert talk.client.pid == pid and len(bpy.data.objects) == 1
    assert not list(part("addon.paths").results_folder().glob("[0-9]*.safetensors"))


@pytest.mark.parametrize("craft", ["materials", "modifiers", "animation"])
def test_a_suggestion_waits_until_it_is_applied(scene, craft):
    import bpy

    bpy.ops.mesh.primitive_cube_add()
    obj = bpy.context.object
    for seed in range(6):
        bpy.context.window_manager.meshkiln.seed = seed
        bpy.ops.meshkiln.suggest(craft=craft)
        if session().suggestion is not None:
            break
    found = session().suggestion
    assert found is not None and found.lines
    assert not obj.material_slots and not obj.modifiers and obj.animation_data is None
    obj.name = "renamed"
    assert bpy.ops.meshkiln.apply_suggestion() == {"FINISHED"}
    assert obj.material_slots or obj.modifiers or obj.animation_data is not None
    assert session().suggestion is None


def test_a_suggested_movement_begins_where_the_object_is_in_a_parent_too(scene):
    import bpy

    bpy.ops.mesh.primitive_cube_add(location=(5, 3, 1))
    obj = bpy.context.object
    obj.scale = (2, 2, 2)
    obj.rotation_mode = "QUATERNION"
    bpy.ops.meshkiln.suggest(craft="animation")
    kiln = part("addon.generate.suggestion")
    found = session().suggestion
    motion = part("trainer.codecs.motion")
    items = [
        part("trainer.codecs.items").Item("location.2", {"start": 1}, rows=[[0, 0.0, "LINEAR"], [24, 2.0, "LINEAR"]]),
        part("trainer.codecs.items").Item("rotation_euler.2", {"start": 1}, rows=[[0, 0.0, "LINEAR"]]),
        part("trainer.codecs.items").Item("scale.0", {"start": 1}, rows=[[0, 1.0, "LINEAR"]]),
    ]
    data, arrays = motion.motion_of_items(items, "rise")
    record = part("records").Record({"kind": "empty", "name": "rise", "parent": {"name": "cart"}, **data}, arrays)
    kiln.apply(kiln.Suggestion("animation", obj.session_uid, obj.name, record), obj)
    bpy.context.scene.frame_set(1)
    assert tuple(obj.location) == (5, 3, 1) and tuple(obj.scale) == (2, 2, 2)
    bpy.context.scene.frame_set(25)
    assert abs(obj.location.z - 3) < 1e-5 and obj.rotation_mode == "XYZ"
    if found is not None:
        bpy.ops.meshkiln.discard_suggestion()


def test_a_suggestion_can_be_discarded(scene):
    import bpy

    bpy.ops.mesh.primitive_cube_add()
    bpy.ops.meshkiln.suggest(craft="materials")
    bpy.ops.meshkiln.discard_suggestion()
    assert session().suggestion is None and not bpy.context.object.material_slots


def test_vary_lands_beside(scene):
    import bpy

    bpy.ops.mesh.primitive_cylinder_add(vertices=8, location=(5, 0, 0))
    original = bpy.context.object
    bpy.ops.meshkiln.vary(keep=0.5)
    session().wait()
    assert not session().is_error, session().sentence
    varied = bpy.context.object
    assert varied != original and varied.location.x > original.location.x


def test_complete_keeps_the_selected_faces_and_adds_the_rest(scene):
    import bpy
    import numpy as np

    def points(mesh):
        return sorted(tuple(round(c, 4) for c in v.co) for v in mesh.vertices)

    bpy.ops.mesh.primitive_cylinder_add(vertices=8, location=(5, 1, 0), rotation=(0.3, 0, 0), scale=(2, 2, 2))
    original = bpy.context.object
    original.name = "half a barrel"
    original.data.materials.append(bpy.data.materials.new("oak"))
    original.modifiers.new("Bevel", "BEVEL")
    whole = points(original.data)
    keep = [p.index for p in original.data.polygons if len(p.vertices) == 4][:4]
    for held in (original.data.vertices, original.data.edges, original.data.polygons):
        held.foreach_set("select", np.zeros(len(held), bool))
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.mesh.select_mode(type="FACE")
    bpy.ops.object.mode_set(mode="OBJECT")
    for index in keep:
        original.data.polygons[index].select = True
    kept = sorted(sorted(tuple(original.data.vertices[v].co) for v in original.data.polygons[i].vertices) for i in keep)
    bpy.ops.object.mode_set(mode="EDIT")
    bpy.ops.meshkiln.complete()
    bpy.ops.object.mode_set(mode="OBJECT")
    session().wait()
    assert not session().is_error, session().sentence
    done = bpy.context.object
    assert done != original and original.hide_get() and points(original.data) == whole
    assert (
        done.matrix_world == original.matrix_world and done.modifiers and done.material_slots[0].material.name == "oak"
    )
    faces = [sorted(tuple(done.data.vertices[v].co) for v in p.vertices) for p in done.data.polygons]
    assert sorted(faces[: len(keep)]) == kept, "the kept faces come first, exactly as they were"
    assert len(faces) > len(keep) and not done.data.validate()
    edges = [key for p in done.data.polygons for key in p.edge_keys]
    kept_edges = {key for p in list(done.data.polygons)[: len(keep)] for key in p.edge_keys}
    assert all(edges.count(key) == 2 for key in kept_edges), "what was open there is closed"


def test_test_says_how_fast_it_is(scene):
    import bpy

    bpy.ops.meshkiln.runtime_test()
    assert "GFLOP/s" in session().answers[session().test_id]["sentence"]


@pytest.mark.parametrize("mode", ["EDIT", "SCULPT", "VERTEX_PAINT"])
def test_a_result_lands_without_changing_mode_or_selection(scene, mode):
    import bpy

    bpy.ops.mesh.primitive_cube_add(location=(3, 0, 0))
    mine = bpy.context.object
    bpy.ops.object.mode_set(mode=mode)
    before = set(bpy.data.objects)
    bpy.ops.meshkiln.generate(prompt="barrel", seed=1, faces=30, wait=True)
    landed = set(bpy.data.objects) - before
    assert len(landed) == 1 and not session().is_error, session().sentence
    assert mine.mode == mode and bpy.context.object == mine
    assert mine.select_get() and not landed.pop().select_get()
    bpy.ops.object.mode_set(mode="OBJECT")


def test_complete_leaves_what_is_still_edited_as_it_is(scene):
    import bpy

    bpy.ops.mesh.primitive_cube_add()
    mine = bpy.context.object
    bpy.ops.object.mode_set(mode="EDIT")
    before = set(bpy.data.objects)
    bpy.ops.meshkiln.complete()
    session().wait()
    assert mine.mode == "EDIT" and not mine.hide_get() and bpy.context.object == mine
    bpy.ops.object.mode_set(mode="OBJECT")
    assert len(mine.data.polygons) == 6 and (len(set(bpy.data.objects) - before) == 1 or session().is_error)
