"""Pictures of the loss pages, each computed by its own module: `render()` gives inline SVG in the page's colours."""
