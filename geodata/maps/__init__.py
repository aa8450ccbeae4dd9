"""What lies below trails on maps, as a setting names it.

Drawing is api.drawing and the map page's script; lines and points of trails are geodata.model.
"""
