"""Pictures of the loss pages, each computed by its own module.

`render(language)` gives inline SVG in the page's colours; its words stand beside what draws them, in every language
of the site.
"""
