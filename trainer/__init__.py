"""Learning and generating: geometry, codecs, words, models, training, generation, evaluation. No bpy in here."""
