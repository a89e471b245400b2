"""The shop itself: outlets, products, stock by outlet, and purchases."""
