"""Maps: the only room that knows folium. Data in, folium maps and groups out."""
