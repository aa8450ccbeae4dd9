"""Everything public: the JSON, GeoJSON and CSV interface and the hikers' web app."""
