"""Walking times over the network, and the polygons drawn of them."""
