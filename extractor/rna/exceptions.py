"""What the generic walk over RNA leaves out or does otherwise, in one table each, and why.

`extractor/rna/rna.py` and `addon/inject/rna/rna.py` know nothing of single types; all special cases are listed here.
Types are RNA identifiers and hold for everything derived from them.
"""

# Never read: UI state, what Blender computes, or names of files on disk that belong to the old file.
SKIPPED: dict[str, frozenset[str]] = {
    # Of a datablock only what its own type adds is read: names are kept by the reader, users and asset marks
    # belong to the file, and a datablock's animation is read by whoever reads the datablock.
    "ID": frozenset(
        {
            "name", "name_full", "use_fake_user", "use_extra_user", "is_runtime_data", "tag", "asset_data",
            "library_weak_reference", "override_library", "preview", "animation_data", "original", "library",
        }
    ),
    # Read by the node reader itself.
    "Node": frozenset(
        {
            "name", "label", "location", "location_absolute", "width", "height", "parent", "mute", "hide", "select",
            "inputs", "outputs", "internal_links", "panel_states", "dimensions", "use_custom_color", "color",
            "show_options", "show_preview", "show_texture", "warning_propagation",
            "bl_idname", "bl_label", "bl_description", "bl_icon", "bl_static_type", "bl_width_default", "bl_width_min",
            "bl_width_max", "bl_height_default", "bl_height_min", "bl_height_max",
            # which row of a list is highlighted
            "active_index", "active_item", "active_input_index", "active_output_index", "active_generation_index",
            "active_main_index", "active_preview", "textbox_state", "inspection_index", "ui_shortcut",
            # zones are paired by name, see the node reader
            "paired_output", "enum_definition",
        }
    ),
    # A script's text is a program: never read, nor is its compiled form.
    "ShaderNodeScript": frozenset({"script", "bytecode", "bytecode_hash", "filepath", "use_auto_update"}),
    "ShaderNodeTexIES": frozenset({"ies"}),
    "NodeFrame": frozenset({"text"}),
    "NodeTree": frozenset(
        {
            "nodes", "links", "interface", "annotation", "grease_pencil", "view_center", "animation_data",
            "bl_idname", "bl_label", "bl_description", "bl_icon", "bl_use_group_interface",
            "show_modifier_manage_panel",
        }
    ),
    "NodeTreeInterfaceItem": frozenset({"parent", "position", "index", "select", "interface_items"}),
    "NodeTreeInterfaceSocket": frozenset({"bl_socket_idname", "is_inspect_output"}),
    "Material": frozenset(
        {
            "node_tree", "use_nodes", "texture_paint_images", "texture_paint_slots", "paint_active_slot",
            "paint_clone_slot",
            # old names of surface_render_method and use_raytrace_refraction: writing both would fight
            "blend_method", "use_screen_refraction", "show_transparent_back",
        }
    ),
    "Image": frozenset(
        {
            "filepath", "filepath_raw", "pixels", "packed_file", "packed_files", "render_slots", "tiles", "resolution",
            "file_format", "source", "colorspace_settings", "alpha_mode", "stereo_3d_format", "views_format",
            "use_view_as_render", "display_aspect",
        }
    ),
    "ImageUser": frozenset({"frame_current"}),  # follows the scene's frame
    "Texture": frozenset({"node_tree", "use_nodes", "users_material", "users_object_modifier"}),
    "Modifier": frozenset({"name", "is_active", "persistent_uid", "execution_time"}),
    "NodesModifier": frozenset(
        {
            "node_warnings", "properties", "panels", "bake_directory", "bakes", "open_output_attributes_panel",
            "open_manage_panel", "open_bake_panel", "open_named_attributes_panel", "open_bake_data_blocks_panel",
            "open_warnings_panel",
        }
    ),
    "OceanModifier": frozenset({"filepath"}),
    "MultiresModifier": frozenset({"filepath"}),
    "ClothModifier": frozenset({"solver_result"}),
    # Caches live on disk beside the old file.
    "PointCache": frozenset(
        {
            "point_caches", "use_disk_cache", "use_external", "filepath", "index", "use_library_path", "name",
            "compression",
        }
    ),
    "FluidDomainSettings": frozenset({"cache_directory", "cache_type"}),
    "DynamicPaintSurface": frozenset({"image_output_path", "point_cache", "is_active", "show_preview"}),
    "DynamicPaintCanvasSettings": frozenset({"ui_type"}),
    "ParticleSystem": frozenset(
        {"particles", "child_particles", "cloth", "point_cache", "active_particle_target",
         "active_particle_target_index", "parent"}
    ),
    "ParticleSettings": frozenset(
        {"texture_slots", "active_texture", "active_texture_index", "active_instanceweight",
         "active_instanceweight_index", "boids", "instance_weights",
         "material_slot"}  # same as the slot number, `material`
    ),
    "Constraint": frozenset({"name", "active"}),
    "ActionConstraint": frozenset({"action_suitable_slots", "action_slot_handle", "last_slot_identifier"}),
    "CurveMapPoint": frozenset({"select"}),
    "CurveProfilePoint": frozenset({"select"}),
    "CurveProfile": frozenset({"segments"}),
    "ColorMapping": frozenset(),
}  # fmt: skip

# The type itself; and whether a panel of the interface is open.
SKIPPED_PREFIXES = ("rna_type", "open_")

# Pointers to something that is neither a datablock nor owned by the struct: stored by name. RNA type pointed at -> the
# property that names it.
NAMED_BY: dict[str, str] = {
    "ActionSlot": "identifier",
    "ShapeKey": "name",
    "ParticleSystem": "name",
    "Node": "name",
}

# Datablocks that a record refers to but never embeds: programs.
NEVER_TAKEN = frozenset({"TEXT"})

# Read-only for RNA, yet part of what the artist made. Type -> properties; the writer has a function for each.
TAKEN_THOUGH_READONLY: dict[str, frozenset[str]] = {
    "HookModifier": frozenset({"vertex_indices"}),
}

# These gate what other properties may be; they are written first, in this order, then the rest as RNA lists them.
# (Everything is tried again until nothing changes, so this only saves rounds.)
FIRST = (
    "type", "data_type", "mode", "fluid_type", "domain", "operation", "source", "socket_type", "preset", "physics_type",
)  # fmt: skip

# Nodes whose output sockets hold what the artist typed. Elsewhere Blender computes them or repeats the interface.
OUTPUTS_HOLD_VALUES = frozenset({"ShaderNodeValue", "ShaderNodeRGB", "ShaderNodeNormal"})

# Structs with arbitrary content that mean nothing while a property has this value: read as None.
SAYS_NOTHING: dict[str, tuple[str, str]] = {"FieldSettings": ("type", "NONE")}

# Nodes whose size the artist cannot choose.
WITHOUT_SIZE = frozenset({"NodeReroute"})

# Reading the pair of these crashes that Blender, paired or not: (version, node type). An unfinished preview of 4.5.
PAIR_CRASHES = {((4, 5), "GeometryNodeClosureInput"), ((4, 5), "NodeClosureInput")}
