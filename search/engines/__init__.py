"""The engines behind `search.engine.Engine`, one module or package each."""
