"""ibzplan: plans, measures and accounts for the objectives of the Belgian FPS Interior."""

__version__ = "0.1.0"
