"""Fits the models that the product ships."""
