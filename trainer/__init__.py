"""The mind: codecs, text, the transformer, training, engines and the generation worker. No bpy in here."""
