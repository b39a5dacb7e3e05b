"""Measuring models: metrics, held-out evaluation, reports, sample sheets."""
